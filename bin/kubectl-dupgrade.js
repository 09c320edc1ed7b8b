#!/usr/bin/env node
require('./dupgrade.js');
