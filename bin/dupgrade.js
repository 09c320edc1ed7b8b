#!/usr/bin/env node
const { existsSync } = require('node:fs');
const { enableCompileCache } = require('node:module');
const { homedir } = require('node:os');
const { join } = require('node:path');

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(`dupgrade needs Node.js 22.19 or newer; this is ${process.version}.\n`);
  process.exitCode = 2;
} else {
  // In a folder of the user's own: that of Node is in the shared temporary one. A home that is not there is not made.
  const home = process.env.XDG_CACHE_HOME || homedir();
  if (existsSync(home)) enableCompileCache(join(home, process.env.XDG_CACHE_HOME ? '' : '.cache', 'dupgrade'));
  const { main } = require('../dist/main.js');
  void main(process).then((exitCode) => {
    process.exitCode = exitCode;
    // A connection to a cluster that does not answer may not close: that must not keep the process once all is said.
    process.stdout.write('', () => setTimeout(() => process.exit(), 500).unref());
  });
}
