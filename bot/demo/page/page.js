// The demo's page: who you are, which conversation you look at, and what to try first.
// It frames one simulator preview per person and conversation and asks the server what is done.

const byId = (id) => document.getElementById(id);
const frames = new Map();
const read = new Map();
let state = null;
let shown = null;
let isGone = false;
let language = sessionStorage.getItem("language") ?? (navigator.language.startsWith("zh") ? "zh-CN" : "en");
let here = JSON.parse(sessionStorage.getItem("here")) ?? { person: "nia", place: "general" };

const ask = async (path, body) => {
  const response = await fetch(path, body && {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
};

const make = (tag, text = "", attributes = {}) => {
  const element = Object.assign(document.createElement(tag), { textContent: text });
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
};

const withCode = (element, text) => {
  text.split("`").forEach((part, i) => element.append(i % 2 ? make("code", part) : part));
  return element;
};

async function look(person, place) {
  if (place.startsWith("dm-")) person = place.slice(3);
  here = { person, place };
  sessionStorage.setItem("here", JSON.stringify(here));
  draw();
  const key = `${person}/${place}`;
  const { url } = await ask("/look", { ...here, language });
  if (!frames.has(key)) {
    const frame = make("iframe", "", { title: key });
    frame.src = url;
    byId("frames").append(frame);
    frames.set(key, frame);
  }
  if (`${here.person}/${here.place}` === key) {
    for (const [name, frame] of frames) frame.hidden = name !== key;
  }
}

function drawPeople() {
  byId("people").replaceChildren(...state.people.map((person) => {
    const button = make("button", "", {
      type: "button", role: "radio", "aria-checked": String(person.key === here.person),
    });
    const face = make("i", [...person.name][0]);
    face.style.background = person.colour;
    const label = make("span", person.name);
    label.append(make("small", person.role));
    button.append(face, label);
    button.onclick = () => look(person.key, here.place.startsWith("dm-") ? `dm-${person.key}` : here.place);
    return button;
  }));
}

function placeButton(place, ...label) {
  const button = make("button", "", { type: "button", "aria-current": String(place.key === here.place) });
  button.append(...label);
  if (place.key === here.place) read.set(place.key, place.n_messages);
  if (place.n_messages > (read.get(place.key) ?? 0) && place.key !== here.place) {
    button.append(make("span", "", { class: "dot", title: state.texts.new_message }));
  }
  button.onclick = () => look(here.person, place.key);
  return button;
}

function drawPlaces() {
  const nav = byId("places");
  nav.replaceChildren(make("h2", state.texts.channels));
  for (const place of state.places.filter((p) => p.kind === "channel")) nav.append(placeButton(place, `# ${place.name}`));
  for (const place of state.places.filter((p) => p.kind === "thread")) {
    const button = placeButton(place, "↳ ", place.name);
    button.title = place.name;
    button.classList.add("thread");
    nav.append(button);
  }
  nav.append(make("h2", state.texts.messages));
  for (const place of state.places.filter((p) => p.kind === "dm")) {
    if (!read.has(place.key)) read.set(place.key, 0);
    nav.append(placeButton(place, "@ ", make("span", "Lyceum → ", { class: "from" }), place.name));
  }
}

function drawSteps() {
  const next = state.steps.find((step) => !step.is_done);
  byId("finished").hidden = Boolean(next);
  byId("steps").replaceChildren(...state.steps.map((step, number) => {
    const item = make("li", "", { class: step.is_done ? "done" : step === next ? "next" : "" });
    const who = state.people.find((p) => p.key === step.person);
    if (step.person !== state.steps[number - 1]?.person) {
      const heading = make("em", `${who.name} · ${who.role}`);
      heading.style.borderColor = who.colour;
      item.classList.add("first");
      item.append(heading);
    }
    item.append(make("strong", step.title), withCode(make("span"), step.text), make("br"));
    const go = make("button", `${state.texts.go} ${who.name}`, { type: "button" });
    go.onclick = async () => {
      document.body.classList.remove("guide-open");
      await refresh(); // a thread may have been opened just now
      look(step.person, state.steps[number].place);
    };
    item.append(go);
    return item;
  }));
  if (next?.key !== shown) {
    shown = next?.key;
    const guide = byId("guide");
    const isUnderWay = next && next !== state.steps[0];
    guide.scrollTop = isUnderWay ? guide.querySelector(".next").offsetTop - guide.offsetTop - 60 : 0;
  }
}

function bar(label, percent, most, name) {
  const row = make("div", "", { class: `bar ${name}` });
  const fill = make("i");
  fill.style.width = `${Math.max(2, (100 * percent) / most)}%`;
  const track = make("span", "", { class: "track" });
  track.append(fill);
  row.append(make("span", label), track, make("b", `${percent}%`));
  return row;
}

function drawModel() {
  const { model, texts } = state;
  byId("measured").textContent = model.measured;
  const isMeasured = model.hits !== null && model.popular !== null;
  const most = Math.max(model.hits, model.popular, 1);
  byId("bars").replaceChildren(...(isMeasured ? [
    bar(texts.model_hits, model.hits, most, "ours"), bar(texts.model_popular, model.popular, most, "theirs"),
  ] : []));
  const lists = byId("lists");
  lists.replaceChildren();
  if (!model.after.length) lists.append(make("p", texts.model_empty));
  const columns = [[texts.model_before, model.before.map((title) => ({ title }))], [texts.model_after, model.after]];
  for (const [label, titles] of columns) {
    if (!titles.length) continue;
    const list = make("ul");
    for (const { title, is_new: isNew } of titles) {
      const item = make("li", title, { class: isNew ? "new" : "" });
      if (isNew) item.append(" ", make("small", texts.model_new));
      list.append(item);
    }
    const column = make("div");
    column.append(make("h4", label), list);
    lists.append(column);
  }
}

function drawMarket() {
  const { market, texts } = state;
  const buyer = market.buyers[here.person];
  const { name } = state.people.find((person) => person.key === here.person);
  byId("goods").textContent = market.title;
  byId("price").textContent = market.price;
  byId("buy").textContent = `${texts.market_buy} ${name}`;
  byId("buy").hidden = buyer.opens;
  byId("refund").textContent = `${texts.market_refund} ${name}`;
  byId("refund").hidden = !buyer.opens;
  const lines = buyer.status === 0 ? [] : [
    [buyer.status === 200, buyer.status === 200 ? texts.market_heard : texts.market_refused],
    [buyer.opens, buyer.opens ? texts.market_opens : texts.market_closed],
    [buyer.has_role, buyer.has_role ? texts.market_role : texts.market_no_role],
  ];
  byId("arrived").replaceChildren(
    ...lines.map(([isSo, text]) => make("li", text, { class: isSo ? "new" : "" })),
    ...(buyer.opens ? [withCode(make("li"), texts.market_look)] : []),
  );
}

async function deal(kind) {
  for (const id of ["buy", "refund"]) byId(id).disabled = true;
  try {
    await ask("/deal", { person: here.person, deal: kind });
    await refresh();
  } finally {
    for (const id of ["buy", "refund"]) byId(id).disabled = false;
  }
}

function draw() {
  if (!state) return;
  document.documentElement.lang = language;
  byId("language").textContent = state.texts.other_language;
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = state.texts[element.dataset.text];
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", state.texts[element.dataset.label]);
  drawPeople();
  drawPlaces();
  drawSteps();
  drawMarket();
  drawModel();
  byId("more").textContent = state.texts[document.body.classList.contains("guide-open") ? "guide_less" : "guide_more"];
}

async function refresh() {
  try {
    const fresh = await ask(`/state?language=${language}`);
    if (isGone) location.reload();
    if (JSON.stringify(fresh) !== JSON.stringify(state)) {
      state = fresh;
      draw();
    }
  } catch {
    const gone = state?.texts.stopped ?? "The demo has stopped.";
    isGone = true;
    byId("wait").textContent = gone;
    for (const frame of frames.values()) frame.hidden = true;
  }
}

byId("more").onclick = () => {
  const isOpen = document.body.classList.toggle("guide-open");
  byId("more").setAttribute("aria-expanded", String(isOpen));
  draw();
};
byId("buy").onclick = () => deal("paid");
byId("refund").onclick = () => deal("refunded");
byId("language").onclick = async () => {
  language = language === "en" ? "zh-CN" : "en";
  sessionStorage.setItem("language", language);
  await refresh();
  await look(here.person, here.place);
};
// Text that was drawn before its font came is not always drawn again.
await document.fonts.load('15px "Chinese"', "林").catch(() => {});
await refresh();
// Another demo than the one before may have been started in the meantime.
if (!state?.places.some((place) => place.key === here.place)) here.place = "general";
await look(here.person, here.place);
setInterval(refresh, 1500);
