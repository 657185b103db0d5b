"use strict";
/*
 * long.js - print a recording of many steps, as a busy program would leave one
 *
 * usage: node long.js [STEPS [MAPPINGS]]        default: 10000 steps, 200 mappings
 *
 * A heap that grows and shrinks, mappings that come and go (every other is there from the start), a
 * mark every hundred steps.
 * The same numbers give the same recording.
 */
const [steps = 10000, mappings = 200] = process.argv.slice(2).map(Number);
const PAGE = 65536;
const HEAP = 0x555555560000;
const LOW = 0x7f0000000000;

let seed = 12345;
const random = (below) => {
  seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
  return (seed >>> 8) % below;
};
const hex = (address) => address.toString(16);

const slots = Array.from({ length: mappings }, (_, slot) => slot % 2 === 0);
const slotStart = (slot) => LOW + slot * 64 * PAGE;
let heap = PAGE;

const first = {
  us: 0, space: 0, new: true, pid: 7, tid: 7, call: 'execve("./long", …)', result: "0",
  areas: [[hex(HEAP - PAGE), PAGE, "text", "r-xp", "/tmp/long"], [hex(HEAP), heap, "heap", "rw-p", "[heap]"],
    ...slots.flatMap((there, slot) => (there ? [[hex(slotStart(slot)), PAGE, "anon", "rw-p"]] : [])),
    ["7ffffff00000", 16 * PAGE, "stack", "rw-p", "[stack]"]],
};

function brk() {
  const before = heap;
  heap = PAGE * (1 + random(64));
  const call = `brk(0x${hex(HEAP + heap)})`;
  if (heap > before) return { call, areas: [[hex(HEAP + before), heap - before, "heap", "rw-p", "[heap]"]] };
  return { call, areas: heap < before ? [[hex(HEAP + heap), before - heap]] : [] };
}

function map() {
  const slot = random(mappings);
  const start = slotStart(slot);
  slots[slot] = !slots[slot];
  if (!slots[slot]) return { call: `munmap(0x${hex(start)}, ${64 * PAGE})`, areas: [[hex(start), 64 * PAGE]] };
  const bytes = PAGE * (1 + random(64));
  return { call: `mmap(NULL, ${bytes}, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0)`,
    areas: [[hex(start), bytes, ...(random(2) ? ["anon", "rw-p"] : ["file", "r--p", `/srv/file ${slot}`])]] };
}

const lines = [JSON.stringify(first)];
for (let i = 1; i < steps; i++) {
  if (i % 100 === 0) lines.push(JSON.stringify({ us: i * 40, why: "mark", mark: `round ${i / 100}` }));
  else lines.push(JSON.stringify({ us: i * 40, ...(random(4) ? map() : brk()), result: "0", at: `long.c:${10 + (i % 50)}`, in: "work" }));
}
process.stdout.write(`{"format":"memview/1","command":["./long"],"page":${PAGE},"machine":"made","steps":[\n${lines.join(",\n")}\n]}\n`);
