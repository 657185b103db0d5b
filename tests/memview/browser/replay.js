"use strict";
/*
 * replay.js - print the areas that the page's own model finds, as `memview show --all` prints them
 *
 * usage: node replay.js MODEL.js RECORDING STEP…
 *
 * A line per area, high addresses first: address, size, permissions, kind. Between steps: --.
 */
const fs = require("fs");
const vm = require("vm");

const [model, path, ...steps] = process.argv.slice(2);
const text = fs.readFileSync(path, "utf8");
const kinds = ["header", "text", "rodata", "relro", "data", "bss", "heap", "arena", "anon", "reserved", "file", "shared",
  "library", "thread", "stack", "guard", "kernel"];
const { Recording, sizeText } = vm.runInThisContext(`${fs.readFileSync(model, "utf8")}; ({ Recording, sizeText })`);
const recording = new Recording(JSON.parse(text), kinds);

for (const step of steps.map(Number)) {
  for (const area of recording.areas(recording.steps[step].space, step).reverse()) {
    const size = sizeText(area.end - area.start).replace(/\u202f/g, "");
    console.log(area.start.toString(16).padStart(12, "0"), size, area.perms, area.kind);
  }
  console.log("--");
}
