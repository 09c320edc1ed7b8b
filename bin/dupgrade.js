#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(`dupgrade needs Node.js 22.19 or newer; this is ${process.version}.\n`);
  process.exitCode = 2;
} else {
  const { main } = await import('../dist/main.js');
  process.exitCode = await main(process);
}
