#!/usr/bin/env node
// kubectl runs this to complete `kubectl dupgrade …`, with the words behind it.
process.argv.splice(2, 0, 'complete', '--');
require('./dupgrade.js');
