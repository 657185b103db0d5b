"use strict";
/*
 * viewer.js - the page: draws one step of the recording, and moves through the steps
 *
 * Every text of the recording goes in as text (textContent, append), never as markup: names of
 * files are whatever the traced program chose.
 */

const byId = (id) => document.getElementById(id);
const look = JSON.parse(byId("look").textContent);
const kindNames = look.kinds.map((kind) => kind.name);
const kindLook = Object.fromEntries(look.kinds.map((kind) => [kind.name, kind]));
const recording = new Recording(JSON.parse(byId("recording").textContent), kindNames);
const lastStep = recording.steps.length - 1;
const marks = recording.steps.filter((step) => step.mark).map((step) => step.index);
const shape = { step: -1, follow: true, space: 0, unfold: look.all, resident: false, page: 0 };
let drawn = null; // what is on the page: {step, space, areas, changes}

/* ---- Making elements ---- */

/* A new element; children are elements or texts, empty ones are left out. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== "" && child !== null));
  return element;
}

function makeSvg(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/* One pattern for each kind, so that kinds differ without colour too; boxes refer to it. */
function definePatterns() {
  const patterns = look.kinds.map((kind) =>
    makeSvg("pattern", { id: `kind-${kind.name}`, width: 8, height: 8, patternUnits: "userSpaceOnUse" },
      makeSvg("rect", { width: 8, height: 8, fill: kind.colour }),
      makeSvg("path", { d: kind.pattern, fill: "none", stroke: kind.ink, "stroke-width": 1.3 })));
  document.body.append(makeSvg("svg", { class: "unseen", "aria-hidden": "true" }, makeSvg("defs", {}, ...patterns)));
}

/* The coloured strip with the letter of a kind. */
function strip(kind) {
  const fill = makeSvg("rect", { width: "100%", height: "100%", fill: `url(#kind-${kind})` });
  return make("span", { class: "strip", "aria-hidden": "true" }, makeSvg("svg", {}, fill),
    make("span", { class: "letter" }, kindLook[kind]?.letter ?? "?"));
}

const tint = (element, kind) => element.style.setProperty("--kind", kindLook[kind]?.colour ?? "#999");

/* ---- Words ---- */

const plural = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;
const signClass = { "+": "plus", "-": "minus", "~": "other", "=": "other" };
const signed = (bytes) => (bytes > 0 ? `+${sizeText(bytes)}` : bytes < 0 ? `−${sizeText(-bytes)}` : "");
const range = (area) => `${hex(area.start)}–${hex(area.end)}`;

const IMAGE = new Set(["header", "text", "rodata", "relro", "data", "bss"]); // parts of an ELF file

/* What an area is, in a few words: "heap", "text of hello", "stack of thread 4712". */
function nameOf(area) {
  const name = shown(lastPart(area.name));
  if (area.kind === FOLDED) return name || FOLDED;
  if (area.kind === "thread") return area.tid ? `stack of thread ${area.tid}` : "stack of a thread";
  if (area.kind === "guard") return area.tid ? `guard of thread ${area.tid}` : "guard";
  if (!name || area.name === `[${area.kind}]`) return area.kind;
  if (area.kind === "file") return name;
  return IMAGE.has(area.kind) ? `${area.kind} of ${name}` : `${area.kind} ${name}`;
}

const failed = (step) => /^-1\b/.test(step.result);

/* What happened in a step, as a title: [the strong part, the rest]. */
function titleOf(step) {
  if (step.mark) return [shown(step.mark), ""];
  if (step.why === "faults") return ["The stack grew by page faults", ""];
  if (step.why === "snapshot") return ["Snapshot", ""];
  if (step.why === "seen") return ["Seen", " a change; its cause is not known"];
  if (step.why === "exit") return [shown(step.result).replace(/^(?!the )/, `process ${step.pid || ""} `).replace(/^./, (c) => c.toUpperCase()), ""];
  const open = step.call.indexOf("(");
  return open < 0 ? [shown(step.call) || step.why, ""] : [shown(step.call.slice(0, open)), shown(step.call.slice(open))];
}

function placeOf(step) {
  const place = [];
  if (step.in || step.at) place.push(shown([step.in, step.at].filter(Boolean).join(" at ")));
  if (step.tid !== step.pid) place.push(`thread ${step.tid}`);
  if (recording.spaces.length > 1 && step.pid) place.push(`process ${step.pid}`);
  return place;
}

function deltaOf(step) {
  const parts = [];
  if (step.gained) parts.push(signed(step.gained));
  if (step.lost) parts.push(signed(-step.lost));
  if (!parts.length && step.changed) parts.push(`~${sizeText(step.changed)}`);
  return parts.join(" ");
}

/* What became different in a change of the sign ~: "stack of a thread: ---p → rw-p, was reserved". */
function became(before, after) {
  const parts = [];
  if (before.perms !== after.perms) parts.push(`${before.perms} → ${after.perms}`);
  if (nameOf(before) !== nameOf(after)) parts.push(`was ${nameOf(before)}`);
  return `${nameOf(after)}: ${parts.join(", ") || "of the same name"}`;
}

/* ---- This step ---- */

function drawNow() {
  const step = recording.steps[shape.step];
  const [strong, rest] = titleOf(step);
  const result = step.why === "exit" || !step.result ? "" : ` = ${shown(step.result)}`;
  const call = byId("call");
  call.className = step.call ? "" : "plain";
  call.replaceChildren(step.mark ? "Mark: " : "", make("b", {}, strong), rest,
    result && make("span", { class: failed(step) ? "result failed" : "result" }, result));
  const after = step.us ? [`${(step.us / 1000).toFixed(2)} ms after the start`] : [];
  byId("where").textContent = [...placeOf(step), ...after].join(" · ");
  drawChanges(step);
  byId("count").textContent = `step ${shape.step} of ${lastStep}`;
  byId("slider").value = shape.step;
  byId("slider").setAttribute("aria-valuetext", `Step ${shape.step}: ${spoken(step)}`);
  byId("back").disabled = shape.step === 0;
  byId("next").disabled = shape.step === lastStep;
  byId("mark-back").disabled = !(marks[0] < shape.step);
  byId("mark-next").disabled = !(marks.at(-1) > shape.step);
}

const spoken = (step) => [titleOf(step)[0], deltaOf(step).replace("−", "minus ")].filter(Boolean).join(", ");

const MOST_CHANGES = 6; // more than that is for the table

function drawChanges(step) {
  const changes = stepChanges(recording.areasBefore(step), step);
  const lines = [...(shape.unfold ? changes : foldChanges(changes)).map(changeLine), ...residentLines(step)];
  const more = lines.length - MOST_CHANGES;
  if (more > 1) lines.splice(MOST_CHANGES, more, make("li", {}, "", make("span"), `and ${more} more: the table has all of them`));
  if (!lines.length) lines.push(make("li", {}, make("span"), make("span", {}, silence(step))));
  byId("changes").replaceChildren(...lines);
}

/* One change for neighbouring parts of one library that came, or went, together. */
function foldChanges(changes) {
  const folded = [];
  const side = (change) => change.after ?? change.before;
  for (const change of changes) {
    const last = folded.at(-1);
    if (last?.sign === change.sign && change.sign !== "~" && side(last).lib && side(change).lib && side(last).name === side(change).name) {
      last.size += change.end - change.start;
      last.end = change.end;
      const whole = { ...side(last), kind: FOLDED, perms: "" };
      Object.assign(last, last.after ? { after: whole } : { before: whole });
    } else folded.push({ ...change, size: change.end - change.start });
  }
  return folded;
}

function silence(step) {
  if (step.mark) return "The program names what comes next. Nothing changed.";
  if (typeof step.born === "number") return "A copy: the same areas, now in a space of their own.";
  if (failed(step)) return "The call failed: nothing changed.";
  return step.why === "exit" ? "The areas are shown as they were last." : "Nothing changed.";
}

function changeLine({ sign, start, end, before, after, size = end - start }) {
  const what = { "+": () => nameOf(after), "-": () => `${nameOf(before)} is gone`, "~": () => became(before, after),
    "=": () => `${nameOf(after)} was replaced in place by the same` }[sign]();
  const where = ` ${hex(start)}–${hex(end)} ${sign === "+" ? after.perms : ""}`;
  return make("li", {}, make("span", { class: `sign ${signClass[sign]}` }, sign === "-" ? "−" : sign),
    make("span", {}, make("b", {}, sizeText(size)), ` ${what}`, make("span", { class: "mono" }, where)));
}

/* What became resident, or is no more, without any change of the areas themselves. */
function residentLines(step) {
  if (!step.rss.length) return [];
  const before = recording.areasBefore(step);
  const lines = [];
  for (const [start, bytes] of step.rss) {
    const address = parseInt(start, 16);
    const old = before[firstEndingAfter(before, address)];
    const change = old?.start === address ? bytes - old.rss : 0;
    if (change)
      lines.push(make("li", {}, make("span", { class: "sign other" }, "•"),
        make("span", {}, make("b", {}, signed(change)), ` resident in ${nameOf({ ...old, kind: groupOf(old) })}`)));
  }
  return lines;
}

/* ---- The address space ---- */

/* The rows from high addresses to low: areas, what is just gone, and gaps. */
function rowsOf(areas, changes) {
  const rows = shape.unfold ? areas.map((area) => rowOf(area)) : foldLibraries(areas);
  for (const change of changes)
    if (change.sign === "-") rows.push({ ...rowOf(cut(change.before, change.start, change.end), groupOf(change.before)), ghost: true });
  rows.sort((a, b) => b.start - a.start);
  noteChanges(rows, changes);
  const all = [];
  rows.forEach((row, i) => {
    const above = rows[i - 1];
    if (above && above.start > row.end) all.push(gapBetween(row, above));
    all.push(row);
  });
  return all;
}

/* Give each row the changes inside it: new bytes, and a sign. Both lists are sorted. */
function noteChanges(rows, changes) {
  const sorted = [...changes].sort((a, b) => b.start - a.start);
  let i = 0;
  for (const row of rows) {
    while (i < sorted.length && sorted[i].start >= row.end) i++;
    for (let j = i; j < sorted.length && sorted[j].end > row.start; j++) {
      const { sign, start, end } = sorted[j];
      if ((sign === "-") !== Boolean(row.ghost)) continue;
      row.sign = sign;
      if (sign === "+") row.gained = (row.gained ?? 0) + Math.min(end, row.end) - Math.max(start, row.start);
    }
  }
}

function gapBetween(below, above) {
  const hints = [];
  if (above.kind === "stack" && !above.ghost) hints.push("the stack grows down ↓");
  if (above.start >= 2 ** 63 && below.end < 2 ** 63) hints.push("the kernel’s half");
  if (below.kind === "heap" && !below.ghost) hints.push("the heap grows up ↑");
  return { gap: above.start - below.end, start: below.end, end: above.start, hints };
}

function heightOf(row) {
  if (row.gap) return row.gap < 1 << 20 && !row.hints.length ? 24 : 36;
  return Math.round(26 + 5 * Math.log2(Math.max(1, row.bytes / (recording.page || 4096))));
}

const map = { rows: [], tops: [], height: 0 };

function drawMap() {
  map.rows = rowsOf(drawn.areas, drawn.changes);
  map.tops = [];
  map.height = 14;
  for (const row of map.rows) {
    map.tops.push(map.height);
    map.height += heightOf(row);
  }
  byId("rows").style.height = `${map.height + 4}px`;
  byId("map").setAttribute("aria-label", `Address space after step ${shape.step}: ${summary()}. The table below says the same in words.`);
  showChange();
  drawMapWindow();
}

/* Bring the first change into sight, if none is. */
function showChange() {
  const view = byId("map");
  const seen = (i) => map.tops[i] >= view.scrollTop && map.tops[i] + 20 <= view.scrollTop + view.clientHeight;
  const changed = [...map.rows.keys()].filter((i) => map.rows[i].sign);
  if (changed.length && !changed.some(seen)) view.scrollTop = map.tops[changed[0]] - view.clientHeight / 3;
}

/* Only the rows in sight, and a few around them, are in the page. */
function drawMapWindow() {
  const view = byId("map");
  const from = view.scrollTop - 300;
  const to = view.scrollTop + view.clientHeight + 300;
  const rows = [];
  for (let i = lastAtOrBefore(map.tops, from); i < map.rows.length && map.tops[i] < to; i++) {
    const element = map.rows[i].gap ? gapRow(map.rows[i]) : areaRow(map.rows[i], map.rows[i - 1]);
    element.style.top = `${map.tops[i]}px`;
    element.style.height = `${heightOf(map.rows[i])}px`;
    rows.push(element);
  }
  byId("rows").replaceChildren(...rows);
}

function lastAtOrBefore(sorted, value) {
  let low = 0;
  for (let high = sorted.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

function areaRow(row, above) {
  const classes = ["row", row.sign && !row.ghost ? "changed" : "", row.ghost ? "ghost" : ""];
  const box = make("div", { class: "box", title: tooltip(row) }, strip(row.kind),
    make("span", { class: "what" }, nameOf(row)), badge(row),
    make("span", { class: "access" }, row.perms), make("span", { class: "size" }, sizeText(row.bytes)));
  if (recording.hasResident && row.rss) box.append(residentBar(row));
  tint(box, row.kind);
  const top = above && above.start > row.end ? null : above ? null : hex(row.end);
  const address = make("div", { class: "address" }, make("span", {}, hex(row.start)));
  if (top) address.prepend(make("span", { class: "top" }, top));
  return make("div", { class: classes.filter(Boolean).join(" ") }, address, box);
}

/* A word that makes room for its sign where the page is narrow. */
const word = (text) => make("span", { class: "word" }, ` ${text}`);

function badge(row) {
  if (row.ghost) return make("span", { class: "badge minus" }, "−", word("gone"));
  if (!row.sign) return "";
  const plus = row.gained === row.bytes ? ["+", word("new")] : [signed(row.gained ?? 0)];
  const other = row.sign === "~" ? ["~", word("changed")] : ["=", word("replaced")];
  return make("span", { class: `badge ${row.gained ? "plus" : "other"}` }, ...(row.gained ? plus : other));
}

function residentBar(row) {
  const bar = make("span", { class: "filled" });
  bar.style.width = `calc((100% - 28px) * ${Math.min(1, row.rss / row.bytes)})`;
  return bar;
}

function tooltip(row) {
  const lines = [`${range(row)} ${row.perms}`, `${row.bytes} bytes`, kindLook[row.kind]?.says ?? "", shown(row.name)];
  if (recording.hasResident) lines.push(`${sizeText(row.rss)} resident`);
  return lines.filter(Boolean).join("\n");
}

function gapRow(gap) {
  const zigzag = makeSvg("svg", { "aria-hidden": "true", viewBox: "0 0 26 24", preserveAspectRatio: "none" },
    makeSvg("path", { d: "M1 0v6l4 4 5-8 6 16 5-8 4 4v10" }));
  const text = [`${roughSize(gap.gap)} unused`, ...gap.hints].join(" · ");
  return make("div", { class: "row gap" }, make("div", { class: "address" }, make("span", {}, hex(gap.start))),
    make("div", { class: "box" }, zigzag, make("span", { class: "what" }, text)));
}

/* ---- Totals, and sizes over the steps ---- */

const sum = (sizes) => Object.values(sizes).reduce((total, bytes) => total + bytes, 0);

function summary() {
  const sizes = recording.sizes(drawn.space, drawn.step);
  const parts = [plural(drawn.areas.length, "area"), sizeText(sum(sizes))];
  if (recording.hasResident) parts.push(`${sizeText(sum(recording.sizes(drawn.space, drawn.step, true)))} resident`);
  return parts.join(", ");
}

/*
 * The line of one kind over all steps, in a box of columns × 100. With more steps than columns, a
 * column shows the largest of its steps, so that no peak is lost, and in a darker tone the smallest.
 */
function linePaths(space, values, most) {
  const columns = Math.min(lastStep + 1, 600);
  const y = (bytes) => (100 - (bytes / most) * 100).toFixed(1);
  let [position, value, highs, lows] = [0, 0, "", ""];
  for (let column = 0; column < columns; column++) {
    const end = Math.ceil(((column + 1) * (lastStep + 1)) / columns);
    const seen = [];
    for (; position < space.steps.length && space.steps[position] < end; position++) seen.push(values[position]);
    if (!seen.length) seen.push(value);
    value = seen.at(-1);
    highs += `V${y(Math.max(...seen))}H${column + 1}`;
    lows += `V${y(Math.min(...seen))}H${column + 1}`;
  }
  return { columns, high: `M0 100${highs}`, low: `M0 100${lows}` };
}

let sizeLines = null; // what the rows were made for, and the rows

function makeSizeRows() {
  const space = recording.spaces[drawn.space];
  const table = shape.resident ? space.resident : space.bytes;
  const all = space.steps.map((_, i) => kindNames.reduce((total, kind) => total + table[kind][i], 0));
  const rows = [sizeRow(space, "total", all)];
  for (const kind of kindNames) if (table[kind].some((bytes) => bytes > 0)) rows.push(sizeRow(space, kind, table[kind]));
  byId("size-rows").replaceChildren(...rows.map((row) => row.element));
  sizeLines = { space: drawn.space, resident: shape.resident, rows };
}

function sizeRow(space, kind, values) {
  const most = values.reduce((a, b) => Math.max(a, b), 1);
  const { columns, high, low } = linePaths(space, values, most);
  const svg = makeSvg("svg", { viewBox: `0 0 ${columns} 100`, preserveAspectRatio: "none" },
    makeSvg("path", { class: "under", d: `${high}V100Z` }), makeSvg("path", { class: "under", d: `${low}V100Z` }),
    makeSvg("path", { class: "edge", d: high }));
  if (kind === "total" && marks.length <= 40)
    svg.append(makeSvg("path", { class: "flags", d: marks.map((i) => `M${((i + 0.5) * columns) / (lastStep + 1)} 0V100`).join("") }));
  const line = make("div", { class: "line", "aria-hidden": "true" }, svg,
    make("span", { class: "most" }, sizeText(most)), make("span", { class: "cursor" }));
  tint(line, kind);
  const now = make("td", { class: "now" });
  const title = kind === "total" ? "all of it" : kind;
  const element = make("tr", kind === "total" ? { class: "total" } : {},
    make("th", { scope: "row", title: kindLook[kind]?.says ?? "" }, kind === "total" ? "" : strip(kind), title), now,
    make("td", {}, line, make("span", { class: "unseen" }, `up to ${sizeText(most)}`)));
  return { element, now, kind, values };
}

function drawSizes() {
  if (sizeLines?.space !== drawn.space || sizeLines.resident !== shape.resident) makeSizeRows();
  const space = recording.spaces[drawn.space];
  const position = space.position(drawn.step) - 1;
  const changedNow = space.steps[position] === drawn.step;
  for (const { now, values } of sizeLines.rows) {
    const bytes = values[position] ?? 0;
    const change = changedNow && position > 0 ? bytes - values[position - 1] : 0;
    now.replaceChildren(sizeText(bytes), change ? make("span", { class: change > 0 ? "plus" : "minus" }, signed(change)) : "");
  }
  byId("size-rows").style.setProperty("--at", `${((drawn.step + 0.5) / (lastStep + 1)) * 100}%`);
}

/* ---- In words: a table ---- */

const ROWS_A_PAGE = 400;

function drawTable() {
  if (!byId("table-details").open) return;
  const rows = rowsOf(drawn.areas, drawn.changes).filter((row) => !row.gap);
  const pages = Math.max(1, Math.ceil(rows.length / ROWS_A_PAGE));
  shape.page = Math.min(shape.page, pages - 1);
  const first = shape.page * ROWS_A_PAGE;
  const part = pages > 1 ? `, rows ${first + 1} to ${Math.min(rows.length, first + ROWS_A_PAGE)} of ${rows.length}` : "";
  byId("table-title").textContent = `After step ${shape.step}: ${summary()}${part}`;
  byId("pages").hidden = pages === 1;
  byId("page-back").disabled = shape.page === 0;
  byId("page-next").disabled = shape.page === pages - 1;
  const columns = ["Area", "Size", "Access", "Change", "From", "To", "Name"];
  if (recording.hasResident) columns.splice(2, 0, "Resident");
  byId("table-head").replaceChildren(...columns.map((column) => make("th", { scope: "col" }, column)));
  byId("table-rows").replaceChildren(...rows.slice(first, first + ROWS_A_PAGE).map(tableRow));
}

function tableRow(row) {
  const resident = recording.hasResident ? make("td", { class: "number" }, sizeText(row.rss)) : "";
  return make("tr", {}, make("th", { scope: "row" }, nameOf(row)), make("td", { class: "number" }, sizeText(row.bytes)), resident,
    make("td", { class: "mono" }, row.perms), make("td", {}, badge(row)), make("td", { class: "mono" }, hex(row.start)),
    make("td", { class: "mono" }, hex(row.end)), make("td", {}, shown(row.name)));
}

function makeLegend() {
  byId("legend").replaceChildren(...look.kinds.flatMap((kind) =>
    [make("dt", {}, strip(kind.name), kind.name), make("dd", {}, kind.says)]));
}

/* ---- The list of steps ---- */

const ITEM = 44; // pixels, as in the style sheet

function drawList() {
  const list = byId("list");
  const top = shape.step * ITEM;
  if (top < list.scrollTop) list.scrollTop = top;
  else if (top + ITEM > list.scrollTop + list.clientHeight) list.scrollTop = top + ITEM - list.clientHeight;
  drawListWindow();
}

function drawListWindow() {
  const list = byId("list");
  const from = Math.max(0, Math.floor(list.scrollTop / ITEM) - 4);
  const to = Math.min(lastStep, Math.ceil((list.scrollTop + list.clientHeight) / ITEM) + 4);
  const items = [];
  for (let i = from; i <= to; i++) items.push(stepItem(recording.steps[i]));
  if (shape.step < from || shape.step > to) items.push(stepItem(recording.steps[shape.step]));
  byId("items").replaceChildren(...items);
  list.setAttribute("aria-activedescendant", `step-${shape.step}`);
}

function stepItem(step) {
  const [strong, rest] = titleOf(step);
  const attributes = { class: step.mark ? "item mark" : "item", role: "option", id: `step-${step.index}`,
    "aria-posinset": step.index + 1, "aria-setsize": lastStep + 1, "aria-selected": step.index === shape.step };
  const sign = step.lost ? "minus" : step.gained ? "plus" : "other";
  const item = make("div", attributes, make("span", { class: "number" }, String(step.index)),
    make("span", { class: "title" }, step.mark ? "⚑ " : "", make("b", {}, strong), rest),
    make("span", { class: `delta ${failed(step) ? "minus" : sign}` }, failed(step) ? "failed" : deltaOf(step)),
    make("span", { class: "place" }, placeOf(step).join(" · ")));
  item.style.top = `${step.index * ITEM}px`;
  return item;
}

/* ---- Moving ---- */

/* Show a step; now, at once. */
function seek(step) {
  shape.step = Math.max(0, Math.min(lastStep, step));
  draw();
}

function draw() {
  const step = recording.steps[shape.step];
  if (shape.follow) shape.space = step.space;
  const areas = recording.areas(shape.space, shape.step);
  // Where a space begins everything is new, and marking it all would say nothing.
  const changes = shape.space === step.space && step.born === null ? stepChanges(recording.areasBefore(step), step) : [];
  drawn = { step: shape.step, space: shape.space, areas, changes };
  byId("total").textContent = summary();
  drawNow();
  drawMap();
  drawList();
  drawSizes();
  drawTable();
  rememberStep();
}

let wanted = null; // the step to show with the next picture

/* Show a step with the next picture: many moves between two pictures are one. */
function seekSoon(step) {
  if (wanted === null) requestAnimationFrame(() => {
    seek(wanted);
    wanted = null;
  });
  wanted = Math.max(0, Math.min(lastStep, step));
}

const target = () => wanted ?? shape.step; // where moves count from

/* Move, and say so to those who cannot see it. */
function move(step) {
  if (step === undefined) return;
  seekSoon(step);
  const to = recording.steps[Math.max(0, Math.min(lastStep, step))];
  byId("status").textContent = `Step ${to.index}: ${spoken(to)}`;
}

const markBefore = () => marks.findLast((mark) => mark < target());
const markAfter = () => marks.find((mark) => mark > target());

/* The step is in the address, so that a link can point at it; not for every picture on the way. */
let remember = 0;
function rememberStep() {
  clearTimeout(remember);
  remember = setTimeout(() => history.replaceState(null, "", `#step=${shape.step}`), 300);
}

const stepOfAddress = () => Number(/^#step=(\d+)$/.exec(location.hash)?.[1] ?? -1);

/* Play: two steps a second, or all of them in a minute, whichever is faster. */
let playing = 0;

function play() {
  if (playing) return stop();
  if (shape.step === lastStep) seek(0);
  const pause = Math.min(500, 60000 / (lastStep + 1));
  const began = performance.now();
  const from = shape.step;
  byId("play").textContent = "Pause";
  const tick = (now) => {
    const step = Math.min(lastStep, from + Math.floor((now - began) / pause));
    if (step > shape.step) seek(step);
    if (step === lastStep) return stop();
    playing = requestAnimationFrame(tick);
  };
  playing = requestAnimationFrame(tick);
}

function stop() {
  cancelAnimationFrame(playing);
  playing = 0;
  byId("play").textContent = "Play";
}

/* ---- Events ---- */

/* Arrow keys move wherever the focus is, unless what has it uses them itself. */
function pageKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("select, .scroll")) return;
  const back = event.key === "ArrowLeft";
  if (!back && event.key !== "ArrowRight") return;
  event.preventDefault();
  stop();
  if (event.shiftKey) move(back ? markBefore() : markAfter());
  else move(target() + (back ? -1 : 1));
}

function listKey(event) {
  const page = Math.max(1, Math.floor(byId("list").clientHeight / ITEM) - 1);
  const to = { ArrowUp: target() - 1, ArrowDown: target() + 1, PageUp: target() - page, PageDown: target() + page,
    Home: 0, End: lastStep }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  stop();
  seekSoon(to);
}

/* Press or drag on a line of the sizes: the step there. */
function lineMove(event) {
  const line = event.target.closest(".line");
  if (!line || !(event.buttons & 1)) return;
  const { left, width } = line.getBoundingClientRect();
  stop();
  seekSoon(Math.floor(((event.clientX - left) / width) * (lastStep + 1)));
}

function listen() {
  const click = (id, action) => byId(id).addEventListener("click", action);
  click("back", () => move(target() - 1));
  click("next", () => move(target() + 1));
  click("mark-back", () => move(markBefore()));
  click("mark-next", () => move(markAfter()));
  click("play", play);
  click("page-back", () => { shape.page--; drawTable(); });
  click("page-next", () => { shape.page++; drawTable(); });
  click("list", (event) => {
    const item = event.target.closest(".item");
    if (item) seekSoon(Number(item.id.slice(5)));
  });
  byId("slider").addEventListener("input", (event) => { stop(); seekSoon(Number(event.target.value)); });
  byId("list").addEventListener("keydown", listKey);
  byId("list").addEventListener("scroll", drawListWindow, { passive: true });
  byId("map").addEventListener("scroll", drawMapWindow, { passive: true });
  byId("size-rows").addEventListener("pointerdown", lineMove);
  byId("size-rows").addEventListener("pointermove", lineMove);
  byId("table-details").addEventListener("toggle", drawTable);
  byId("unfold").addEventListener("change", (event) => { shape.unfold = event.target.checked; draw(); });
  byId("resident").addEventListener("change", (event) => { shape.resident = event.target.checked; draw(); });
  byId("process").addEventListener("change", (event) => {
    shape.follow = event.target.value === "follow";
    if (!shape.follow) shape.space = Number(event.target.value);
    draw();
  });
  document.addEventListener("keydown", pageKey);
  addEventListener("resize", () => { drawMapWindow(); drawListWindow(); });
  addEventListener("hashchange", () => stepOfAddress() >= 0 && seek(stepOfAddress()));
}

function prepare() {
  const command = recording.command.map(shown).join(" ");
  document.title = `${command} - memview`;
  byId("command").textContent = command;
  byId("machine").textContent = [shown(recording.machine), recording.page && `pages of ${sizeText(recording.page)}`].filter(Boolean).join(" · ");
  byId("slider").max = lastStep;
  byId("unfold").checked = shape.unfold;
  byId("resident-label").hidden = !recording.hasResident;
  byId("process-label").hidden = recording.spaces.length < 2;
  byId("process").append(make("option", { value: "follow" }, "of the step"),
    ...recording.spaces.map((space, id) => make("option", { value: id }, `${space.pid || id}`)));
  for (const id of ["mark-back", "mark-next"]) byId(id).hidden = !marks.length;
  byId("items").style.height = `${recording.steps.length * ITEM}px`;
  definePatterns();
  makeLegend();
}

prepare();
listen();
seek(stepOfAddress() >= 0 ? stepOfAddress() : look.step);
