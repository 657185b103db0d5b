"use strict";
/*
 * model.js - a memview/1 recording: what lies where after each step (trace.h has the format)
 *
 * No page in here: plain Node can load it. Addresses are Numbers: a double holds every address
 * below 2^53, and every page border up to 2^64 (its last twelve bits are zero).
 */

const FOLDED = "library"; // the kind that stands for all parts of shared libraries

/* The area that a paint ["START",BYTES,KIND,PERMS,NAME,TID] puts down; perms "" takes away. */
function areaOf([start, bytes, kind = "", perms = "", name = "", tid = 0]) {
  const lib = kind.startsWith("lib:");
  const from = parseInt(start, 16);
  return { start: from, end: from + bytes, kind: lib ? kind.slice(4) : kind, lib, perms, name, tid, rss: 0 };
}

const groupOf = (area) => (area.lib ? FOLDED : area.kind);
const bytesOf = (area) => area.end - area.start;
const cut = (area, start, end) => ({ ...area, start, end });

/* Is it the same in all but where it lies and what is resident? */
const alike = (a, b) =>
  a.kind === b.kind && a.lib === b.lib && a.perms === b.perms && a.name === b.name && a.tid === b.tid;

/* The first index whose area ends after the address: where a search in sorted areas goes on. */
function firstEndingAfter(areas, address) {
  let low = 0;
  let high = areas.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (areas[middle].end > address) high = middle;
    else low = middle + 1;
  }
  return low;
}

/* The pieces of areas that lie in [start, end). */
function within(areas, start, end) {
  const pieces = [];
  for (let i = firstEndingAfter(areas, start); i < areas.length && areas[i].start < end; i++)
    pieces.push(cut(areas[i], Math.max(start, areas[i].start), Math.min(end, areas[i].end)));
  return pieces;
}

/* Append an area, or let the last one grow when it is alike and ends where this begins. */
function join(list, area) {
  const last = list.at(-1);
  if (last && last.end === area.start && alike(last, area))
    list[list.length - 1] = { ...last, end: area.end, rss: last.rss + area.rss };
  else list.push(area);
}

/* A part that stays keeps what was resident, as far as it fits. */
const remainder = (area, start, end) => ({ ...cut(area, start, end), rss: Math.min(area.rss, end - start) });

/* Paint one interval into sorted areas, in place. account(area, sign) hears what goes and comes. */
function paint(areas, painted, account) {
  const { start, end } = painted;
  if (start >= end) return;
  let first = firstEndingAfter(areas, start);
  let last = first;
  while (last < areas.length && areas[last].start < end) last++;
  const touched = areas.slice(first, last);
  const inside = [];
  if (touched.length && touched[0].start < start) inside.push(remainder(touched[0], touched[0].start, start));
  if (painted.perms) inside.push(painted);
  if (touched.length && touched.at(-1).end > end) inside.push(remainder(touched.at(-1), end, touched.at(-1).end));
  if (first > 0) inside.unshift(areas[--first]); // neighbours may continue it
  if (last < areas.length) inside.push(areas[last++]);
  const joined = [];
  for (const area of inside) join(joined, area);
  for (const area of areas.splice(first, last - first, ...joined)) account(area, -1);
  for (const area of joined) account(area, +1);
}

/* Set what is resident in the area that begins at an address. */
function setResident(areas, [start, bytes], account) {
  const from = parseInt(start, 16);
  const i = firstEndingAfter(areas, from);
  if (i === areas.length || areas[i].start !== from) return;
  account(areas[i], -1);
  areas[i] = { ...areas[i], rss: bytes };
  account(areas[i], +1);
}

const nobody = () => {};

function applyStep(areas, step, account = nobody) {
  for (const painted of step.paint) paint(areas, painted, account);
  for (const pair of step.rss) setResident(areas, pair, account);
}

/*
 * The difference between two states within [start, end), interval by interval:
 * + new, - gone, ~ another kind, permission, name or thread, = replaced in place by the same.
 */
function differences(before, after, start, end, same) {
  const borders = new Set([start, end]);
  for (const area of [...before, ...after]) borders.add(area.start).add(area.end);
  const edges = [...borders].sort((a, b) => a - b);
  const changes = [];
  for (let i = 0, b = 0, a = 0; i + 1 < edges.length; i++) {
    const [from, to] = [edges[i], edges[i + 1]];
    while (b < before.length && before[b].end <= from) b++;
    while (a < after.length && after[a].end <= from) a++;
    const old = b < before.length && before[b].start <= from ? before[b] : null;
    const now = a < after.length && after[a].start <= from ? after[a] : null;
    if (!old && !now) continue;
    const sign = !old ? "+" : !now ? "-" : alike(old, now) ? "=" : "~";
    if (sign !== "=" || same) joinChange(changes, { sign, start: from, end: to, before: old, after: now });
  }
  return changes;
}

function joinChange(changes, change) {
  const last = changes.at(-1);
  const goesOn = (a, b) => (!a && !b) || (a && b && alike(a, b));
  if (last && last.end === change.start && last.sign === change.sign &&
      goesOn(last.before, change.before) && goesOn(last.after, change.after))
    last.end = change.end;
  else changes.push(change);
}

/* What a step changes in the areas before it. */
function stepChanges(before, step) {
  const changes = [];
  for (const painted of step.paint) {
    const old = within(before, painted.start, painted.end);
    const now = painted.perms ? [painted] : [];
    for (const change of differences(old, now, painted.start, painted.end, true)) joinChange(changes, change);
  }
  return changes;
}

/* One address space: its steps, the sizes after each of them, and keyframes to start a search at. */
class Space {
  constructor(kinds) {
    this.steps = []; // indices into Recording.steps
    this.frames = []; // {position in steps, areas after it}
    this.bytes = Object.fromEntries(kinds.map((kind) => [kind, []])); // after each of steps
    this.resident = Object.fromEntries(kinds.map((kind) => [kind, []]));
    this.pid = 0;
  }

  /* How many of this space's steps happened up to and with a step of the recording. */
  position(step) {
    let low = 0;
    let high = this.steps.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.steps[middle] <= step) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

class Recording {
  constructor(document, kinds) {
    this.command = document.command ?? [];
    this.page = document.page ?? 0;
    this.machine = document.machine ?? "";
    this.hasResident = Boolean(document.resident);
    this.kinds = kinds;
    this.spaces = [];
    this.steps = [];
    let last = { us: 0, space: 0, pid: 0, tid: 0 };
    for (const raw of document.steps) {
      last = this.readStep(raw, last);
      this.steps.push(last);
    }
    this.index();
  }

  readStep(raw, last) {
    const { us, space, pid, tid } = { ...last, ...raw };
    const text = (field) => (typeof raw[field] === "string" ? raw[field] : "");
    return {
      index: this.steps.length, us, space, pid, tid, born: raw.new ?? null, why: raw.why ?? "call",
      call: text("call"), result: text("result"), at: text("at"), in: text("in"), mark: text("mark"),
      paint: (raw.areas ?? []).map(areaOf), rss: raw.rss ?? [], gained: 0, lost: 0, changed: 0,
    };
  }

  /*
   * Go through all steps once: sizes, and keyframes. A keyframe is taken when as much was painted
   * since the last as it holds, so that they all together are no larger than the recording.
   */
  index() {
    const now = []; // areas of every space
    const totals = []; // their sizes by kind
    const painted = [];
    for (const step of this.steps) {
      const id = step.space;
      const space = (this.spaces[id] ??= new Space(this.kinds));
      const total = (totals[id] ??= { bytes: {}, resident: {} });
      const account = (area, sign) => {
        const kind = groupOf(area);
        total.bytes[kind] = (total.bytes[kind] ?? 0) + sign * bytesOf(area);
        total.resident[kind] = (total.resident[kind] ?? 0) + sign * area.rss;
      };
      if (step.born !== null || !now[id]) {
        now[id] = typeof step.born === "number" ? [...(now[step.born] ?? [])] : [];
        totals[id].bytes = {};
        totals[id].resident = {};
        now[id].forEach((area) => account(area, +1));
        painted[id] = Infinity;
      }
      this.weigh(step, now[id]);
      applyStep(now[id], step, account);
      painted[id] += step.paint.length + step.rss.length + 1;
      space.steps.push(step.index);
      space.pid = step.pid || space.pid;
      if (painted[id] > Math.max(64, now[id].length)) {
        space.frames.push({ position: space.steps.length, areas: [...now[id]] });
        painted[id] = 0;
      }
      for (const kind of this.kinds) {
        space.bytes[kind].push(total.bytes[kind] ?? 0);
        space.resident[kind].push(total.resident[kind] ?? 0);
      }
    }
  }

  /* Note in a step how many bytes came, went, and became something else. */
  weigh(step, before) {
    for (const { sign, start, end } of stepChanges(before, step)) {
      if (sign === "+") step.gained += end - start;
      else if (sign === "-") step.lost += end - start;
      else step.changed += end - start;
    }
  }

  /* The areas of a space after a step; before its first step there are none. */
  areas(id, step) {
    const space = this.spaces[id];
    const wanted = space ? space.position(step) : 0;
    if (!wanted) return [];
    let low = 0;
    let high = space.frames.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (space.frames[middle].position <= wanted) low = middle + 1;
      else high = middle;
    }
    const frame = space.frames[low - 1];
    const areas = [...frame.areas];
    for (let i = frame.position; i < wanted; i++) applyStep(areas, this.steps[space.steps[i]]);
    return areas;
  }

  /* The areas that a step finds: of its own space, or of the one it is a copy of. */
  areasBefore(step) {
    if (typeof step.born === "number") return this.areas(step.born, step.index - 1);
    return step.born === null ? this.areas(step.space, step.index - 1) : [];
  }

  /* Bytes by kind in a space after a step. */
  sizes(id, step, resident = false) {
    const space = this.spaces[id];
    const position = space ? space.position(step) : 0;
    const table = space && (resident ? space.resident : space.bytes);
    return Object.fromEntries(this.kinds.map((kind) => [kind, position ? table[kind][position - 1] : 0]));
  }
}

/* Fold neighbouring parts of one library into one row; a row has the areas that it stands for. */
function foldLibraries(areas) {
  const rows = [];
  for (const area of areas) {
    const last = rows.at(-1);
    if (area.lib && last?.parts.at(-1).lib && last.name === area.name) {
      last.parts.push(area);
      last.end = area.end;
      last.bytes += bytesOf(area);
      last.rss += area.rss;
    } else rows.push(rowOf(area, area.lib ? FOLDED : area.kind));
  }
  for (const row of rows) if (row.parts.length > 1) row.perms = `${row.parts.length} parts`;
  return rows;
}

const rowOf = (area, kind = area.kind) => ({ ...area, kind, bytes: bytesOf(area), parts: [area] });

/* Exact, in the largest unit that divides it: "132 KiB", "64 MiB", "1000001 B". */
function sizeText(bytes) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  while (bytes !== 0 && bytes % 1024 === 0 && unit < units.length - 1) {
    bytes /= 1024;
    unit++;
  }
  return `${String(bytes).replace(/\B(?=(\d{3})+$)/g, "\u202f")} ${units[unit]}`;
}

/* About, for the space between areas: "127 TiB". */
function roughSize(bytes) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
  let unit = 0;
  while (bytes >= 1024 && unit < units.length - 1) {
    bytes /= 1024;
    unit++;
  }
  return `${Number(bytes.toPrecision(4))} ${units[unit]}`;
}

const hex = (address) => address.toString(16);
const lastPart = (path) => path.slice(path.lastIndexOf("/", path.endsWith("/") ? -2 : undefined) + 1) || path;

/* A text from the traced program as it may be shown: what is invisible or turns the line becomes its code. */
const shown = (text) =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (c) => `\\u{${c.codePointAt(0).toString(16)}}`);
