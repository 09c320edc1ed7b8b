#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(`dupgrade needs Node.js 22.19 or newer; this is ${process.version}.\n`);
  process.exitCode = 2;
} else {
  const { main } = await import('../dist/main.js');
  process.exitCode = await main(process);
  // A connection to a cluster that does not answer may not close: that must not keep the process once all is said.
  process.stdout.write('', () => setTimeout(() => process.exit(), 500).unref());
}
