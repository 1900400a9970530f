// Reads the same answers from a file that is in memory, one in a line, with a parser that uses the vector unit, and prints each device
// as a line. `parse FILE`. It asks nobody, masks nothing and believes what it reads.
#include <cstdio>
#include <simdjson.h>

int main(int count, char **words) {
    if (count != 2) return 2;
    using namespace simdjson;
    padded_string pages = padded_string::load(words[1]);
    ondemand::parser parser;
    ondemand::document_stream answers = parser.iterate_many(pages, 1 << 20);
    for (auto answer : answers) {
        for (auto device : answer["data"]["devices"]["data"]) {
            std::string_view text = device.get_object().value().raw_json();
            fwrite(text.data(), 1, text.size(), stdout);
            fputc('\n', stdout);
        }
    }
    return 0;
}
