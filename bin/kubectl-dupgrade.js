#!/usr/bin/env node
import './dupgrade.js';
