# `dist/finish` fills in the words between two signs of at; the formula then belongs into a tap.
class Optra < Formula
  desc "Command-line client of the Optra Edge Portal"
  homepage "@HOMEPAGE@"
  version "@VERSION@"
  license "MIT"

  on_macos do
    on_arm do
      url "@RELEASES@/v@VERSION@/optra-@VERSION@-aarch64-apple-darwin.tar.gz"
      sha256 "@SHA256 aarch64-apple-darwin@"
    end
    on_intel do
      url "@RELEASES@/v@VERSION@/optra-@VERSION@-x86_64-apple-darwin.tar.gz"
      sha256 "@SHA256 x86_64-apple-darwin@"
    end
  end

  on_linux do
    on_arm do
      url "@RELEASES@/v@VERSION@/optra-@VERSION@-aarch64-unknown-linux-musl.tar.gz"
      sha256 "@SHA256 aarch64-unknown-linux-musl@"
    end
    on_intel do
      url "@RELEASES@/v@VERSION@/optra-@VERSION@-x86_64-unknown-linux-musl.tar.gz"
      sha256 "@SHA256 x86_64-unknown-linux-musl@"
    end
  end

  def install
    bin.install "optra"
    doc.install "THIRD-PARTY-LICENSES.txt"
    man1.install Dir["man/man1/*"]
    man7.install Dir["man/man7/*"]
    bash_completion.install "completions/optra.bash" => "optra"
    zsh_completion.install "completions/_optra"
    fish_completion.install "completions/optra.fish"
  end

  test do
    assert_equal "optra #{version}\n", shell_output("#{bin}/optra --version")
  end
end
