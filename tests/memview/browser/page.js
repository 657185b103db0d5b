"use strict";
/*
 * page.js - open memview's pages in a real browser and check what they do
 *
 * usage: node page.js FOLDER        with sample.html, long.html, many.html, hostile.html, resident.html,
 *                                   sample.svg, pair.svg and hostile.svg in it
 *
 * Prints `ok NAME` or `not ok NAME`, and why, for each check; notes begin with #. CHROMIUM names the browser.
 */
const fs = require("fs");
const path = require("path");
const assert = require("assert").strict;
const { chromium } = require("playwright-core");

const folder = path.resolve(process.argv[2]);
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];
let browser;

/* A page of its own for one check; whatever it asks for or complains about is an error. */
async function open(name, options = {}) {
  const { hash = "", script = true, ...rest } = options;
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...rest });
  const page = await context.newPage();
  const url = `file://${folder}/${name}`;
  page.faults = [];
  page.on("pageerror", (error) => page.faults.push(String(error)));
  page.on("console", (message) => message.type() === "error" && page.faults.push(message.text()));
  page.on("request", (request) => request.url().split("#")[0] === url || page.faults.push(`asks for ${request.url()}`));
  await page.goto(url + hash);
  if (script && name.endsWith(".html")) await page.waitForFunction(() => document.querySelector("#count").textContent);
  return page;
}

const frame = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
const count = (page) => page.locator("#count").textContent();
const rows = (page) => page.locator("#rows .row").count();

async function press(page, ...keys) {
  for (const key of keys) {
    await page.keyboard.press(key);
    await frame(page);
  }
}

async function violations(page) {
  await page.evaluate(() => document.querySelectorAll("details").forEach((details) => { details.open = true; }));
  await frame(page);
  await page.evaluate(axe);
  const result = await page.evaluate(() => window.axe.run(document));
  assert.ok(result.passes.some((rule) => rule.id === "color-contrast"), "axe looked at the colours");
  return result.violations.map((one) => `${one.id}: ${one.nodes[0].html.slice(0, 120)} ${one.nodes[0].failureSummary}`);
}

/* In the page: milliseconds that each of some seeks to and fro takes, layout included. */
function seekTimes(seeks) {
  return Array.from({ length: seeks }, (_, i) => {
    const began = performance.now();
    seek((i * 7919) % recording.steps.length);
    document.body.getBoundingClientRect();
    return performance.now() - began;
  });
}

const checks = {
  async "it starts at the step that was asked for"() {
    const page = await open("sample.html");
    assert.equal(await count(page), "step 9 of 23");
    assert.match(await page.locator("#call").textContent(), /^munmap\(0x7ffff7d81000, 323584\) = 0$/);
    assert.match(await page.locator("#changes").textContent(), /316 KiB anon is gone/);
    return page;
  },

  async "a link can point at a step"() {
    const page = await open("sample.html", { hash: "#step=6" });
    assert.equal(await count(page), "step 6 of 23");
    return page;
  },

  async "arrow keys move by a step, with Shift by a mark"() {
    const page = await open("sample.html");
    await press(page, "ArrowRight", "ArrowRight");
    assert.equal(await count(page), "step 11 of 23");
    await press(page, "ArrowLeft", "Shift+ArrowLeft");
    assert.equal(await count(page), "step 7 of 23");
    await press(page, "Shift+ArrowLeft", "Shift+ArrowLeft");
    assert.equal(await count(page), "step 4 of 23");
    return page;
  },

  async "the slider moves, and says where it is"() {
    const page = await open("sample.html");
    await page.locator("#slider").focus();
    await press(page, "Home");
    assert.equal(await count(page), "step 0 of 23");
    await press(page, "End", "ArrowLeft");
    assert.equal(await count(page), "step 22 of 23");
    await press(page, "Home", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight");
    assert.equal(await page.locator("#slider").getAttribute("aria-valuetext"), "Step 5: brk, +132 KiB");
    return page;
  },

  async "the list of steps moves by keys and by a click"() {
    const page = await open("sample.html");
    await page.locator("#list").focus();
    await press(page, "Home", "ArrowDown", "ArrowDown");
    assert.equal(await count(page), "step 2 of 23");
    assert.equal(await page.locator("#list").getAttribute("aria-activedescendant"), "step-2");
    assert.equal(await page.locator("#step-2").getAttribute("aria-selected"), "true");
    await press(page, "End");
    assert.equal(await count(page), "step 23 of 23");
    await page.locator("#step-20").click();
    await frame(page);
    assert.equal(await count(page), "step 20 of 23");
    return page;
  },

  async "play goes to the end, and stops when asked"() {
    const page = await open("sample.html", { hash: "#step=22" });
    await page.locator("#play").click();
    await page.waitForFunction(() => document.querySelector("#count").textContent === "step 23 of 23");
    await page.waitForFunction(() => document.querySelector("#play").textContent === "Play");
    await page.locator("#play").click();
    assert.equal(await page.locator("#play").textContent(), "Pause");
    await press(page, "ArrowRight");
    assert.equal(await page.locator("#play").textContent(), "Play");
    return page;
  },

  async "the picture marks what is new and what is gone"() {
    const page = await open("sample.html", { hash: "#step=6" });
    assert.deepEqual(await page.locator(".changed .what").allTextContents(), ["anon"]);
    assert.match(await page.locator(".changed .badge").textContent(), /^\+ new$/);
    await page.evaluate(() => seek(9));
    assert.deepEqual(await page.locator(".ghost .what").allTextContents(), ["anon"]);
    await page.evaluate(() => seek(8));
    assert.match(await page.locator(".changed .badge").textContent(), /^\+4 MiB$/);
    return page;
  },

  async "libraries unfold into their parts"() {
    const page = await open("sample.html");
    const folded = await rows(page);
    await page.locator("#unfold").check();
    await frame(page);
    const names = await page.locator("#rows .what").allTextContents();
    assert.ok((await rows(page)) > folded);
    assert.ok(names.includes("text of libc.so.6"), names.join());
    return page;
  },

  async "a table says the same in words"() {
    const page = await open("sample.html");
    await page.locator("#unfold").check();
    await page.locator("#table-details summary").click();
    await page.waitForFunction(() => document.querySelectorAll("#table-rows tr").length > 0);
    assert.match(await page.locator("#table-title").textContent(), /^After step 9: 19 areas, 6.588 KiB$/);
    assert.equal(await page.locator("#table-rows tr").count(), 20); // and the one that is gone
    assert.equal(await page.locator("#table-rows th[scope=row]").count(), 20);
    assert.match(await page.locator("#table-rows tr", { hasText: "gone" }).textContent(), /anon316 KiBrw-p. gone7ffff7d81000/);
    return page;
  },

  async "each kind of area has its line, and a press on it goes to that step"() {
    const page = await open("sample.html", { hash: "#step=6" });
    const kinds = await page.locator("#size-rows th").allTextContents();
    assert.ok(kinds.some((kind) => kind.endsWith("heap")) && kinds.some((kind) => kind.endsWith("thread")), kinds.join());
    const anon = page.locator("#size-rows tr", { hasText: "anon" });
    assert.match(await anon.locator(".now").textContent(), /^316 KiB\+316 KiB$/);
    const { width } = await anon.locator(".line").boundingBox();
    await anon.locator(".line").click({ position: { x: (width * 20.5) / 24, y: 10 } });
    await frame(page);
    assert.equal(await count(page), "step 20 of 23");
    return page;
  },

  async "a fork is a process of its own, and one can be followed"() {
    const page = await open("sample.html", { hash: "#step=20" });
    assert.match(await page.locator("#where").textContent(), /process 4713/);
    await page.locator("#process").selectOption("0");
    await page.evaluate(() => seek(21));
    assert.equal(await page.locator(".changed").count(), 0);
    assert.match(await page.locator("#total").textContent(), /^2\d areas/);
    return page;
  },

  async "resident pages are shown beside the size"() {
    const page = await open("resident.html", { hash: "#step=1" });
    assert.match(await page.locator("#total").textContent(), /3 areas, 268 KiB, 12 KiB resident/);
    assert.match(await page.locator("#changes").textContent(), /\+8 KiB resident in heap/);
    await page.locator("#resident").check();
    await frame(page);
    assert.match(await page.locator("#size-rows tr", { hasText: "heap" }).locator(".now").textContent(), /^8 KiB/);
    return page;
  },

  async "hostile names are text and nothing else"() {
    const page = await open("hostile.html");
    await page.locator("#table-details summary").click();
    await page.waitForFunction(() => document.querySelectorAll("#table-rows tr").length > 0);
    assert.equal(await page.evaluate(() => window.hacked), undefined);
    assert.equal(await page.locator("img, iframe, object").count(), 0);
    assert.equal(await page.locator("script").count(), 3);
    const text = await page.locator("#table-rows").textContent();
    assert.ok(text.includes("/tmp/</script><script>hacked=1</script>"), text);
    assert.ok(text.includes('/tmp/<img src=x onerror="hacked=1">'), text);
    assert.ok(text.includes("\\u{202e}") && !text.includes("\u202e"), text);
    assert.match(await page.title(), /<\/title><script>hacked=1<\/script>/);
    return page;
  },

  async "axe finds nothing, light"() {
    const page = await open("sample.html");
    assert.deepEqual(await violations(page), []);
    return page;
  },

  async "axe finds nothing, dark"() {
    const page = await open("resident.html", { colorScheme: "dark" });
    assert.deepEqual(await violations(page), []);
    assert.notEqual(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(246, 244, 239)");
    return page;
  },

  async "axe finds nothing, 320 pixels wide with a long list"() {
    const page = await open("long.html", { viewport: { width: 320, height: 640 } });
    assert.deepEqual(await violations(page), []);
    return page;
  },

  async "nothing is cut off at 320 pixels"() {
    for (const name of ["sample.html", "long.html", "hostile.html"]) {
      const page = await open(name, { viewport: { width: 320, height: 640 } });
      await page.evaluate(() => document.querySelectorAll("details").forEach((details) => { details.open = true; }));
      await frame(page);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320, name);
      for (const id of ["back", "next", "play", "slider", "count"]) {
        const box = await page.locator(`#${id}`).boundingBox();
        assert.ok(box.x >= 0 && box.x + box.width <= 320 && box.height >= 20, `${name} ${id}`);
      }
      await page.context().close();
    }
  },

  async "what moves keeps still when motion is not wanted"() {
    for (const [reducedMotion, name] of [["reduce", "none"], ["no-preference", "lit"]]) {
      const page = await open("sample.html", { hash: "#step=6", reducedMotion });
      const animation = await page.evaluate(() => getComputedStyle(document.querySelector(".changed .box")).animationName);
      assert.equal(animation, name);
      await page.context().close();
    }
  },

  async "ten thousand steps: a seek costs what it does with twenty"() {
    const [few, page] = [await open("sample.html"), await open("long.html")];
    const times = { few: [], many: [] };
    for (let round = 0; round < 5; round++) { // turn by turn: what else runs here hits both
      times.few.push(...(await few.evaluate(seekTimes, 20)));
      times.many.push(...(await page.evaluate(seekTimes, 20)));
    }
    const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];
    console.log(`# a seek, drawn and laid out: ${median(times.few).toFixed(1)} ms in 24 steps, ${median(times.many).toFixed(1)} ms in 10 000`);
    assert.ok(median(times.many) < 5 * median(times.few));
    assert.equal(await count(page), `step ${(19 * 7919) % 10000} of 9999`);
    assert.ok((await page.evaluate(() => document.querySelectorAll("*").length)) < 2500);
    await few.context().close();
    return page;
  },

  async "ten thousand steps: the list holds what is in sight"() {
    const page = await open("long.html");
    await page.locator("#list").focus();
    await press(page, "End");
    assert.equal(await count(page), "step 9999 of 9999");
    assert.ok(await page.locator("#step-9999").isVisible());
    assert.ok((await page.locator(".item").count()) < 60);
    await press(page, "PageUp");
    assert.match(await count(page), /^step 99[789]\d of 9999$/);
    return page;
  },

  async "thirty thousand mappings: the picture holds what is in sight"() {
    const page = await open("many.html");
    assert.match(await page.locator("#total").textContent(), /^(29|30)\d{3} areas/);
    assert.ok((await rows(page)) < 120);
    await page.locator("#map").evaluate((map) => { map.scrollTop = map.scrollHeight; });
    await frame(page);
    assert.ok((await page.locator("#rows .what").allTextContents()).includes("text of long"));
    await page.locator("#table-details summary").click();
    await page.waitForFunction(() => document.querySelectorAll("#table-rows tr").length > 0);
    assert.equal(await page.locator("#table-rows tr").count(), 400);
    await page.locator("#page-next").click();
    assert.match(await page.locator("#table-title").textContent(), /rows 401 to 800 of (29|30)\d{3}$/);
    return page;
  },

  async "the SVG is well-formed, has a title and a description, and no text outside"() {
    for (const name of ["sample.svg", "pair.svg", "hostile.svg"]) {
      const page = await open(name);
      assert.equal(await page.evaluate(() => document.documentElement.localName), "svg", name);
      assert.equal(await page.locator("parsererror, script, img").count(), 0, name);
      assert.match(await page.evaluate(() => document.querySelector("title").textContent), /^Address space of /);
      assert.ok((await page.evaluate(() => document.querySelector("desc").textContent)).length > 40);
      const outside = await page.evaluate(() => [...document.querySelectorAll("text")].filter((text) => {
        const box = text.getBBox();
        const { width, height } = document.documentElement.viewBox.baseVal;
        return box.width && (box.x < 0 || box.x + box.width > width || box.y < 0 || box.y + box.height > height);
      }).map((text) => text.textContent));
      assert.deepEqual(outside, [], name);
      await page.context().close();
    }
  },

  async "without scripts the page says so"() {
    const page = await open("sample.html", { javaScriptEnabled: false, script: false });
    assert.match(await page.locator("noscript").textContent(), /scripts are switched off/);
    return page;
  },
};

async function main() {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: quiet });
  for (const [name, check] of Object.entries(checks)) {
    try {
      const page = await check();
      if (page) {
        assert.deepEqual(page.faults, []);
        await page.context().close();
      }
      console.log(`ok ${name}`);
    } catch (error) {
      console.log(`not ok ${name}\n${String(error.message).split("\n").map((line) => `    ${line}`).join("\n")}`);
    }
  }
  await browser.close();
}

main().catch((error) => {
  console.log(`no browser: ${String(error.message).split("\n")[0]}`);
  process.exit(1);
});
