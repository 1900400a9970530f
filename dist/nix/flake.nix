# Builds the program of these sources: `nix run 'git+file:.?dir=dist/nix' -- --version`.
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs = { self, nixpkgs }:
    let
      manifest = (builtins.fromTOML (builtins.readFile ../../Cargo.toml)).package;
      systems = [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ];
      each = f: nixpkgs.lib.genAttrs systems (system: f nixpkgs.legacyPackages.${system});
    in {
      packages = each (pkgs: {
        default = pkgs.rustPlatform.buildRustPackage {
          pname = manifest.name;
          inherit (manifest) version;
          src = ../..;
          cargoLock.lockFile = ../../Cargo.lock;
          nativeBuildInputs = [ pkgs.installShellFiles pkgs.python3 ];
          OPTRA_COMMIT = self.rev or "";
          # The tests want a keyring, terminals and servers of other makes: tests/run.
          doCheck = false;
          postInstall = ''
            mkdir -p $out/share/doc/optra
            python3 dist/licences ${pkgs.stdenv.hostPlatform.rust.rustcTarget} $out/share/doc/optra/THIRD-PARTY-LICENSES.txt
            mkdir man && $out/bin/optra man --dir man
            installManPage man/*
            installShellCompletion --bash completions/optra.bash --zsh completions/_optra --fish completions/optra.fish
          '';
          meta = {
            inherit (manifest) description;
            license = nixpkgs.lib.licenses.mit;
            mainProgram = "optra";
          };
        };
      });
    };
}
