/* A client that does only what it must: connect, one write, read, print. `bare HOST PORT PATH BODY`; the key is in OPTRA_API_KEY.
 * It believes whatever it reads. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int count, char **words) {
    if (count != 5) return 2;
    static char buffer[1 << 20];
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(words[2]))};
    inet_pton(AF_INET, words[1], &address.sin_addr);
    int portal = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(portal, (struct sockaddr *)&address, sizeof address) != 0) return 1;
    int length = snprintf(buffer, sizeof buffer,
                          "POST %s HTTP/1.1\r\nhost: %s:%s\r\ncontent-type: application/json\r\napi-secret: %s\r\n"
                          "content-length: %zu\r\n\r\n%s",
                          words[3], words[1], words[2], getenv("OPTRA_API_KEY"), strlen(words[4]), words[4]);
    if (write(portal, buffer, length) != length) return 1;
    size_t have = 0, want = sizeof buffer - 1;
    char *body = NULL;
    while (have < want) {
        ssize_t more = read(portal, buffer + have, sizeof buffer - 1 - have);
        if (more <= 0) return 1;
        buffer[have += more] = 0;
        if (body == NULL && (body = strstr(buffer, "\r\n\r\n")) != NULL) {
            body += 4;
            want = body - buffer + atol(strstr(buffer, "content-length: ") + 16);
        }
    }
    return fwrite(body, 1, want - (body - buffer), stdout) == 0;
}
