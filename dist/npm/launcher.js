#!/usr/bin/env node
// Runs the program of the package for this platform, with these arguments, and ends as it ends. It downloads nothing.
'use strict';
const { spawn } = require('node:child_process');
const os = require('node:os');

const PLATFORMS = {
  'linux x64': ['optra-linux-x64-gnu', 'optra-linux-x64-musl'],
  'linux arm64': ['optra-linux-arm64-gnu', 'optra-linux-arm64-musl'],
  'darwin x64': ['optra-darwin-x64'],
  'darwin arm64': ['optra-darwin-arm64'],
  'win32 x64': ['optra-win32-x64'],
};

// npm installs the one whose `os`, `cpu` and `libc` are right; the first that is there is it.
function program() {
  const name = process.platform === 'win32' ? 'optra.exe' : 'optra';
  for (const platform of PLATFORMS[`${process.platform} ${process.arch}`] ?? []) {
    try {
      return require.resolve(`${platform}/bin/${name}`);
    } catch {}
  }
  console.error(
    `error: npm has installed no optra for ${process.platform} ${process.arch}\n` +
      'hint: Install with the optional dependencies: `npm install --include=optional optra`.',
  );
  process.exit(70);
}

const child = spawn(program(), process.argv.slice(2), { stdio: 'inherit' });

// A terminal sends these to the program itself; twice would be another word.
const atTerminal = [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);
for (const signal of ['SIGINT', 'SIGQUIT']) process.on(signal, () => atTerminal || child.kill(signal));
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));

child.on('error', (error) => {
  console.error(`error: optra cannot be started: ${error.message}`);
  process.exit(70);
});
child.on('exit', (code, signal) => {
  if (!signal) process.exit(code);
  // Whoever waits sees the same end.
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  setTimeout(() => process.exit(128 + os.constants.signals[signal]), 100);
});
