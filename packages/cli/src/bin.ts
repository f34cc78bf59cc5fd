#!/usr/bin/env node
/** @file What an installed package starts. A clone starts bin/busana.js, which makes JavaScript of the sources first. */
import { start } from './main.ts';

process.exitCode = await start(process.argv);
