// The page of the review widget. It shows nothing as decided before the Python side has said that it is on disk.
// Words from articles are only ever set as text, never as HTML.

const ROW = 28 // pixels; every row of the table is as high, so that only those in sight need to be there
const SPARE = 8 // rows kept ready above and below those in sight
const PATIENCE = 15000 // ms without an answer from the kernel until a decision is called not saved
const MOST_LISTED = 5 // rows named one by one where many are asked about
const QUIET = 2500 // ms without a decision until the plain table in the notebook is brought up to date

const STATUS = { proposed: "· proposed", approved: "✓ approved", rejected: "✗ rejected", edited: "✎ edited" }
const COLUMNS = [
  { name: "spun", label: "as published", text: true },
  { name: "original", label: "original", text: true },
  { name: "seen", label: "seen", width: "60px", tip: "places where the one stands for the other" },
  { name: "sites", label: "sites", width: "62px", tip: "sites where it was seen" },
  { name: "share", label: "share", width: "68px", percent: true, tip: "part of this phrase’s places that stand for this original" },
  { name: "words", label: "words", width: "74px", tip: "words of the spun texts that this decision decides" },
  { name: "status", label: "status", text: true, width: "98px" },
]
const ACTS = [
  ["approve", "a", "Approve"], ["reject", "r", "Reject"], ["edit", "e", "Edit"], ["split", "s", "Split"],
  ["merge", "m", "Merge"], ["undo", "u", "Undo"], ["next", "n", "Next"],
]
const KEYS = [
  ["↑ ↓ PgUp PgDn Home End", "go to another row"], ["n", "next row that is not decided"],
  ["a", "approve"], ["r", "reject"], ["e", "type another original"], ["s", "split the phrase"],
  ["m", "merge the chosen rows"], ["u", "undo the last act"], ["Space", "choose a row"],
  ["Shift + ↑ ↓", "choose several"], ["Ctrl + A", "choose all rows shown"], ["Esc", "leave a field; choose none"],
  ["w", "say why (goes into the log)"], ["/", "find"], ["Enter", "go to the places"], ["?", "these keys"],
]

const count = (number) => number.toLocaleString("en")
const rowsOf = (number) => `${count(number)} ${number === 1 ? "row" : "rows"}`
const pairOf = (row) => `“${row.spun}” for “${row.original}”`
const percent = (share) => `${Math.round(share * 100)}%`

class Page {
  constructor(model, element) {
    this.model = model
    this.rows = [] // by number, as Python numbers them
    this.order = [] // numbers of the rows shown, in order
    this.inSight = new Set() // the same
    this.chosen = new Set() // numbers of rows, also of those that the filter hides
    this.hand = -1 // number of the row in hand
    this.place = 0 // where it stood in the order, for when the filter takes it away
    this.sort = { name: "words", down: true }
    this.waiting = new Map()
    this.asked = 0
    this.name = `unspun-${Math.random().toString(36).slice(2, 8)}`
    this.build(element)
    this.listen = (message) => this.receive(message)
    model.on("msg:custom", this.listen)
    this.onFocus = () => document.visibilityState === "visible" && this.rows.length && this.ask({ kind: "refresh" })
    document.addEventListener("visibilitychange", this.onFocus)
    this.ask({ kind: "open" })
  }

  close() {
    this.model.off("msg:custom", this.listen)
    document.removeEventListener("visibilitychange", this.onFocus)
    this.letFocusGo()
    clearTimeout(this.idle)
    for (const { timer } of this.waiting.values()) clearTimeout(timer)
  }

  // The parts of the page

  build(element) {
    const bar = make("div")
    this.track = make("div", { className: "track", aria: { role: "progressbar", label: "decided", valuemin: 0, valuemax: 100 } }, bar)
    this.bar = bar
    this.done = make("span", { textContent: "Waiting for the kernel …" })
    this.alarm = make("div", { className: "alarm", hidden: true, aria: { role: "alert" } })
    this.said = make("div", { className: "said", aria: { role: "status", live: "polite" } })
    this.root = make(
      "section", { className: "unspun-review", tabIndex: -1, aria: { label: "Review of the mapping table" } },
      make("div", { className: "done" }, this.track, this.done, this.buildName()), this.naming,
      this.buildFilters(), this.buildActs(), this.buildKeys(), this.alarm,
      make("div", { className: "both" }, this.buildTable(), this.buildPanel()), this.said,
      this.where = make("div", { className: "where" }),
    )
    this.root.setAttribute("data-lm-suppress-shortcuts", "true") // or JupyterLab would take “a” for a new cell
    this.root.addEventListener("keydown", (event) => this.onKey(event))
    this.letFocusGo = keepFocus(this.root, () => this.table)
    element.append(this.root)
  }

  // Who decides: shown, changed, and asked for once
  buildName() {
    this.decider = make("b")
    this.rename = make("button", { type: "button", textContent: "change", aria: { label: "change who decides" }, onclick: () => this.askName() })
    this.deciding = make("span", { className: "who", hidden: true }, "deciding: ", this.decider, " ", this.rename)
    this.naming = make(
      "form", { className: "naming", hidden: true, noValidate: true, onsubmit: (event) => this.giveName(event) },
      make("label", {}, "Your name, as it goes into the log with each decision", this.nameField = make("input", { type: "text", autocomplete: "name", maxLength: 200 })),
      make("button", { type: "submit", textContent: "Decide under this name" }),
      this.keepName = make("button", { type: "button", textContent: "Cancel", onclick: () => this.leaveName() }),
    )
    return this.deciding
  }

  showName(who) {
    this.who = who
    this.decider.textContent = who
    this.deciding.hidden = !who
    this.keepName.hidden = !who
    this.naming.hidden = Boolean(who)
  }

  askName() {
    this.naming.hidden = false
    this.nameField.value = this.who
    this.nameField.focus()
    this.nameField.select()
  }

  giveName(event) {
    event.preventDefault()
    this.ask({ kind: "name", name: this.nameField.value }, ({ who }) => {
      this.cry("")
      this.say(`${who} decides from now on; the name is remembered.`)
      this.toTable()
    })
  }

  leaveName() {
    if (this.who) this.naming.hidden = true
    this.toTable()
  }

  toTable() {
    this.table.focus({ preventScroll: true })
  }

  buildFilters() {
    const field = (label, control, kind) => make("label", { className: kind }, ...(kind === "check" ? [control, label] : [label, control]))
    const changed = () => this.refilter()
    this.find = make("input", { type: "search", placeholder: "a phrase, or a part of one", oninput: changed })
    const choice = (options) => {
      const select = make("select", { onchange: changed })
      for (const [value, label] of options) select.append(make("option", { value, textContent: label }))
      return select
    }
    this.side = choice([["", "both sides, notes"], ["spun", "as published"], ["original", "original"], ["note", "notes"]])
    this.whole = make("input", { type: "checkbox", onchange: changed })
    this.status = choice([["", "all"], ["proposed", "not decided"], ["decided", "decided"], ["approved", "approved"],
      ["rejected", "rejected"], ["edited", "edited"], ["chosen", "chosen"]])
    this.kind = choice([["", "all"]])
    this.site = choice([["", "all"]])
    this.least = make("input", { type: "number", min: 0, value: 0, oninput: changed })
    this.shown = make("span", { aria: { live: "polite" } })
    return make(
      "div", { className: "filters", aria: { role: "search", label: "Which rows are shown" } },
      field("Find", this.find, "find"), field("Look in", this.side), field("whole words", this.whole, "check"), field("Status", this.status), field("Kind", this.kind),
      field("Site", this.site), field("Seen at least", this.least, "least"), this.shown,
    )
  }

  buildActs() {
    this.buttons = {}
    const bar = make("div", { className: "acts", aria: { role: "toolbar", label: "Decide" } })
    for (const [act, key, label] of ACTS) {
      const button = make("button", { type: "button", aria: { keyshortcuts: key }, onclick: () => this.act(act) }, make("span", { textContent: label }), make("kbd", { textContent: key, aria: { hidden: true } }))
      this.buttons[act] = button
      bar.append(button)
    }
    this.note = make("input", { type: "text", placeholder: "goes into the log with the next decision" })
    const help = make("button", { type: "button", aria: { expanded: false }, onclick: () => this.toggleKeys() }, "Keys", make("kbd", { textContent: "?", aria: { hidden: true } }))
    this.help = help
    bar.append(make("label", { className: "why" }, "Why", this.note), help)
    return bar
  }

  buildKeys() {
    this.keys = make("div", { className: "keys", hidden: true })
    for (const [key, what] of KEYS) this.keys.append(make("div", {}, make("kbd", { textContent: key }), ` ${what}`))
    return this.keys
  }

  buildTable() {
    this.heads = new Map()
    const columns = make("colgroup", {}, make("col"))
    columns.firstChild.style.width = "34px"
    const head = make("tr", { aria: { role: "row", rowindex: 1 } }, make("th", { aria: { role: "columnheader" } }, make("span", { className: "hide", textContent: "chosen" })))
    for (const column of COLUMNS) {
      const button = make("button", { type: "button", title: column.tip || "", onclick: () => this.sortBy(column) })
      const cell = make("th", { className: column.text ? "" : "number", aria: { role: "columnheader" } }, button)
      const col = make("col")
      if (column.width) col.style.width = column.width
      columns.append(col)
      this.heads.set(column.name, { cell, button })
      head.append(cell)
    }
    this.body = make("tbody", { aria: { role: "rowgroup" } })
    this.table = make(
      "table", { tabIndex: 0, aria: { role: "grid", label: "Rows of the mapping table", multiselectable: true } },
      columns, make("thead", { aria: { role: "rowgroup" } }, head), this.body,
    )
    this.empty = make("p", { className: "none", hidden: true, textContent: "No row fits these filters." })
    this.scroller = make("div", { className: "scroller" }, this.table, this.empty)
    this.scroller.addEventListener("scroll", () => {
      if (!this.frame) this.frame = requestAnimationFrame(() => { this.frame = 0; this.draw() })
    })
    this.body.addEventListener("click", (event) => this.pick(event))
    this.body.addEventListener("mousedown", (event) => { this.pressed = event.target })
    this.body.addEventListener("mouseup", (event) => {
      // Drawn anew since the button went down: no click comes, and the next key would act on another row.
      if (this.pressed && !this.pressed.isConnected && numberAt(this.pressed) === numberAt(event.target)) this.pick(event)
      this.pressed = null
    })
    this.body.addEventListener("dblclick", () => this.act("edit"))
    return this.scroller
  }

  buildPanel() {
    this.editor = make("form", { className: "editor", hidden: true })
    this.facts = make("div")
    this.panel = make("div", { className: "panel", tabIndex: 0, aria: { role: "region", label: "The row in hand" } }, this.editor, this.facts)
    return this.panel
  }

  // Talking with Python

  ask(message, then) {
    const request = `${this.name}-${++this.asked}`
    const deciding = !["open", "refresh", "row", "passage", "idle", "name"].includes(message.kind)
    const timer = setTimeout(() => this.unanswered(request, deciding), PATIENCE)
    const rows = message.rows || (message.row === undefined ? [] : [message.row])
    this.waiting.set(request, { then, timer, deciding, rows, undo: message.kind === "undo", hidden: this.hiddenOf(rows).length })
    if (message.kind === "idle") this.forget(request)
    try {
      this.model.send({ ...message, request })
    } catch (error) {
      this.unanswered(request, deciding)
    }
    return request
  }

  forget(request) {
    const asked = this.waiting.get(request)
    if (asked) clearTimeout(asked.timer)
    this.waiting.delete(request)
    return asked
  }

  unanswered(request, deciding) {
    const asked = this.forget(request)
    if (!asked) return
    this.cry(deciding
      ? "The kernel does not answer: this decision may not be on disk. Mend: run the notebook again; what was shown as made is kept."
      : "The kernel does not answer. Mend: run the notebook again.")
    this.settle(asked)
  }

  receive(message) {
    const asked = this.forget(message.request)
    const alarms = [...(message.kind === "failed" ? [`Not saved: ${message.said}`] : []), ...(message.notices || [])]
    if (alarms.length) this.cry(alarms.join("\n"))
    else if (message.kind === "done" && asked?.deciding) this.cry("") // what was cried before is no longer so
    if (message.kind === "table" && (asked || !this.rows.length)) this.take(message)
    if (message.kind === "name") this.showName(message.who)
    if (message.kind === "row" && message.row === this.hand) this.showFacts(message)
    if (message.kind === "done") this.update(message, asked)
    if (asked) {
      this.settle(asked)
      if (message.kind !== "failed") asked.then?.(message)
    }
  }

  settle(asked) {
    if (asked.deciding) this.saving = false
    for (const number of asked.rows) if (this.rows[number]) this.rows[number].saving = false
    this.draw()
  }

  cry(what) {
    this.alarm.hidden = !what
    this.alarm.textContent = what
  }

  say(what) {
    this.said.textContent = what
  }

  take({ columns, who, where }) {
    const names = Object.keys(columns)
    this.showName(who)
    this.where.textContent = `Decisions go to ${where}`
    this.rows = columns.spun.map((_, number) => Object.fromEntries(names.map((name) => [name, columns[name][number]])))
    this.rows.forEach((row, number) => prepare(row, number))
    this.fill(this.kind, new Set(columns.kind.filter(Boolean)))
    this.fill(this.site, new Set(columns.on.flat()))
    this.root.classList.add("unspun-live")
    this.refilter()
    this.hold(this.order[0] ?? -1)
  }

  fill(select, values) {
    const before = select.value
    select.replaceChildren(make("option", { value: "", textContent: "all" }))
    for (const value of [...values].sort()) select.append(make("option", { value, textContent: value }))
    select.value = before
  }

  // The rows that were acted on come first; others may have changed meanwhile.
  update({ rows, acted, said, go_to: goTo }, asked) {
    for (const [number, spun, original, status, note] of rows) {
      const fresh = !this.rows[number]
      if (fresh) this.rows[number] = { number, seen: 0, sites: 0, share: 0, words: 0, kind: "", on: [] }
      Object.assign(this.rows[number], { spun, original, status, note, saving: false })
      prepare(this.rows[number])
      if (fresh) this.rows[number].beside = asked?.rows[0] // a new row stands beside the one it came from
    }
    this.refilter()
    if (asked?.deciding) {
      const what = acted === 1 ? pairOf({ spun: rows[0][1], original: rows[0][2] }) : rowsOf(acted)
      const hidden = asked.undo ? this.hiddenOf(rows.slice(0, acted).map(([number]) => number)).length : asked.hidden
      const unseen = hidden === 0 ? "" : acted === 1 ? ", hidden by the filter" : `, ${count(hidden)} of them hidden by the filter`
      this.say(said === "nothing to undo" ? `There is nothing of ${this.who}’s to undo. What others decided can be taken back from the row’s decisions.` : `On disk: ${what} ${said}${unseen}.`)
      clearTimeout(this.idle)
      this.idle = setTimeout(() => this.ask({ kind: "idle" }), QUIET)
      if (this.inSight.has(goTo)) this.hold(goTo) // where the filter hides it, the place in the list is kept
    }
    if (rows.some(([number]) => number === this.hand)) this.ask({ kind: "row", row: this.hand })
  }

  // Which rows, in which order

  fits() {
    const find = finder(this.find.value, this.whole.checked), side = this.side.value || "searched"
    const status = this.status.value, kind = this.kind.value, site = this.site.value, least = Number(this.least.value) || 0
    return (row) =>
      find(row.folded[side]) &&
      (!status || row.status === status || (status === "decided" && row.status !== "proposed") || (status === "chosen" && this.chosen.has(row.number))) &&
      (!kind || row.kind === kind) && (!site || row.on.includes(site)) && row.seen >= least
  }

  refilter() {
    const fits = this.fits()
    if (this.inSight.has(this.hand)) this.place = this.order.indexOf(this.hand)
    this.order = this.sorted().filter((number) => fits(this.rows[number]))
    this.inSight = new Set(this.order)
    this.measure()
    const typing = !this.editor.hidden // what is being typed belongs to the row in hand
    if (!this.inSight.has(this.hand) && !typing) this.hold(this.order[Math.min(this.place, this.order.length - 1)] ?? -1)
    else this.draw()
  }

  hiddenOf(numbers) {
    return numbers.filter((number) => !this.inSight.has(number))
  }

  // All rows in order; sorted anew only when the order was changed or a row has come.
  sorted() {
    const { name, down } = this.sort
    if (this.inOrder?.name === name && this.inOrder.down === down && this.inOrder.numbers.length === this.rows.length) return this.inOrder.numbers
    const origin = (number) => this.rows[number].beside ?? number // a new row stands beside the one it came from
    const values = this.rows.map((_, number) => this.rows[origin(number)][name])
    const turn = down ? -1 : 1
    const numbers = [...this.rows.keys()].sort((a, b) =>
      (values[a] < values[b] ? -turn : values[a] > values[b] ? turn : 0) || origin(a) - origin(b) || a - b)
    this.inOrder = { name, down, numbers }
    return numbers
  }

  sortBy(column) {
    const down = this.sort.name === column.name ? !this.sort.down : !column.text
    this.sort = { name: column.name, down }
    this.inOrder = null
    this.refilter()
    this.scroller.scrollTop = 0
    this.say(`Sorted by ${column.label}, ${down ? "largest or last" : "smallest or first"} first.`)
  }

  measure() {
    let decided = 0, words = 0, all = 0
    for (const row of this.rows) {
      all += row.words
      if (row.status !== "proposed") { decided += 1; words += row.words }
    }
    const share = all ? words / all : 0
    this.bar.style.width = percent(share)
    this.track.setAttribute("aria-valuenow", Math.round(share * 100))
    this.done.textContent = `${count(decided)} of ${count(this.rows.length)} rows decided, which stand for ${percent(share)} of the replaced words`
    this.track.setAttribute("aria-valuetext", this.done.textContent)
    const hidden = this.hiddenOf([...this.chosen]).length
    const chosen = this.chosen.size ? `; ${count(this.chosen.size)} chosen${hidden ? `, ${count(hidden)} of them hidden by the filter` : ""}` : ""
    this.shown.textContent = `${count(this.order.length)} of ${count(this.rows.length)} rows shown${chosen}`
  }

  // Drawing

  // However often it is asked for in one go, the table is drawn once.
  draw() {
    if (this.drawing) return
    this.drawing = true
    queueMicrotask(() => {
      this.drawing = false
      this.drawNow()
    })
  }

  drawNow() {
    const first = Math.max(0, Math.floor(this.scroller.scrollTop / ROW) - SPARE)
    const last = Math.min(this.order.length, first + Math.ceil((this.scroller.clientHeight || 460) / ROW) + 2 * SPARE)
    const blank = (rows) => {
      const cell = make("td", { className: "blank", colSpan: COLUMNS.length + 1 })
      cell.style.height = `${rows * ROW}px`
      return make("tr", { aria: { hidden: true } }, cell)
    }
    const drawn = []
    for (let place = first; place < last; place++) drawn.push(this.drawRow(place))
    this.body.replaceChildren(blank(first), ...drawn, blank(this.order.length - last))
    this.table.setAttribute("aria-rowcount", this.order.length + 1)
    const place = this.order.indexOf(this.hand)
    if (place >= first && place < last) this.table.setAttribute("aria-activedescendant", `${this.name}-${this.hand}`)
    else this.table.removeAttribute("aria-activedescendant")
    for (const column of COLUMNS) {
      const { cell, button } = this.heads.get(column.name)
      const here = this.sort.name === column.name
      cell.setAttribute("aria-sort", here ? (this.sort.down ? "descending" : "ascending") : "none")
      button.textContent = `${column.label}${here ? (this.sort.down ? "\u00a0▾" : "\u00a0▴") : ""}`
    }
    this.empty.hidden = this.order.length > 0
    const none = this.hand < 0 && !this.chosen.size
    for (const act of ["approve", "reject"]) this.buttons[act].disabled = none
    for (const act of ["edit", "split"]) this.buttons[act].disabled = this.hand < 0 || this.chosen.size > 1
    this.buttons.merge.disabled = this.chosen.size < 2
    for (const [act, , label] of ACTS) if (act === "approve" || act === "reject" || act === "merge")
      this.buttons[act].firstChild.textContent = this.chosen.size ? `${label} ${count(this.chosen.size)} chosen` : label
  }

  drawRow(place) {
    const number = this.order[place], row = this.rows[number], chosen = this.chosen.has(number)
    const box = make("input", { type: "checkbox", checked: chosen, tabIndex: -1, aria: { label: `choose ${pairOf(row)}` } })
    const cells = COLUMNS.map((column) => {
      const value = column.name === "status" ? (row.saving ? "… saving" : STATUS[row.status])
        : column.percent ? percent(row[column.name]) : column.text ? row[column.name] : count(row[column.name])
      const kind = column.name === "status" ? row.status : column.text ? "" : "number"
      return make("td", { className: kind, textContent: value, title: column.text ? value : "", aria: { role: "gridcell" } })
    })
    const line = make(
      "tr", { id: `${this.name}-${number}`, className: number === this.hand ? "hand" : "", aria: { role: "row", rowindex: place + 2, selected: chosen } },
      make("td", { aria: { role: "gridcell" } }, box), ...cells,
    )
    line.dataset.number = number
    return line
  }

  hold(number, { look = true } = {}) {
    const changed = number !== this.hand
    this.hand = number
    if (changed) this.closeEditor()
    const place = this.order.indexOf(number)
    if (place >= 0 && look) {
      const top = place * ROW, height = this.scroller.clientHeight - ROW - 4
      if (top < this.scroller.scrollTop) this.scroller.scrollTop = top
      else if (top + ROW > this.scroller.scrollTop + height) this.scroller.scrollTop = top + ROW - height
    }
    this.draw()
    if (number < 0) this.facts.replaceChildren()
    else if (changed) {
      clearTimeout(this.looking) // not for every row that is only passed
      this.looking = setTimeout(() => this.ask({ kind: "row", row: number }), 40)
    }
  }

  // The row in hand

  showFacts(message) {
    const row = this.rows[message.row]
    const heading = make("h3", { className: "pair" }, make("span", { textContent: row.spun }), make("span", { className: "for", textContent: " stands for " }), make("span", { textContent: row.original }))
    const status = make("p", { className: row.status, textContent: `${STATUS[row.status]}${row.note ? `: ${row.note}` : ""}` })
    const reasons = make("ul", { className: "reasons" })
    for (const [sign, word, list] of [["+", "for: ", message.for], ["−", "against: ", message.against]])
      for (const reason of list) reasons.append(make("li", {}, make("span", { className: `sign ${sign === "+" ? "approved" : "rejected"}`, textContent: sign, aria: { hidden: true } }), make("span", { className: "hide", textContent: word }), reason))
    const parts = [heading, status, reasons]
    if (!this.inSight.has(message.row)) parts.splice(1, 0, make("p", { className: "unseen", textContent: "This row is hidden by the filter." }))
    parts.push(...this.links("Other originals of this phrase", message.originals, (other) => `${other.original} (${count(other.seen)})`))
    parts.push(...this.links("Other replacements of this original", message.replacements, (other) => `${other.spun} (${count(other.seen)})`))
    parts.push(make("h4", { textContent: row.seen > message.lines.length ? `The first ${count(message.lines.length)} of ${count(row.seen)} places` : row.seen === 1 ? "The place where it stands" : `The ${count(row.seen)} places where it stands` }))
    for (const line of message.lines) parts.push(this.line(line))
    if (message.history.length) parts.push(make("h4", { textContent: "Decisions" }), this.history(message.history))
    this.facts.replaceChildren(...parts)
  }

  links(title, numbers, label) {
    if (!numbers.length) return []
    const bar = make("div", { className: "links" })
    for (const number of numbers) bar.append(make("button", { type: "button", textContent: `${label(this.rows[number])} ${STATUS[this.rows[number].status][0].replace("·", "")}`.trim(), title: STATUS[this.rows[number].status].slice(2), onclick: () => this.show(number) }))
    return [make("h4", { textContent: title }), bar]
  }

  show(number) {
    if (!this.inSight.has(number)) {
      this.find.value = this.side.value = this.status.value = this.kind.value = this.site.value = ""
      this.least.value = 0
      this.whole.checked = false
      this.refilter()
      this.say("The filter is taken away: it hid this row.")
    }
    this.hold(number)
    this.toTable()
  }

  line(line) {
    const sides = make("div", {}, side("as published", "published", line.spun), side("reference", "reference", line.reference))
    const more = make("button", { type: "button", aria: { expanded: false }, textContent: "whole passage" })
    more.onclick = () => {
      if (more.getAttribute("aria-expanded") === "true") {
        sides.replaceChildren(side("as published", "published", line.spun), side("reference", "reference", line.reference))
        more.setAttribute("aria-expanded", false)
      } else this.ask({ kind: "passage", place: line.place }, (whole) => {
        sides.replaceChildren(side("as published", "published", whole.spun), side("reference", "reference", whole.reference))
        more.setAttribute("aria-expanded", true)
      })
    }
    const where = make("div", { className: "where" }, make("span", { textContent: `${line.site} · ${line.title}` }))
    for (const flag of line.flags) where.append(make("span", { className: "flag", textContent: flag }))
    where.append(make("span", { textContent: `sure ${percent(line.confidence)}` }), more)
    return make("div", { className: "line" }, where, sides)
  }

  history(lines) {
    const list = make("ul", { className: "history" })
    for (const line of lines) {
      const item = make("li", { className: line.stands || line.status === "undone" ? "" : "gone", textContent: `${line.when.slice(0, 16).replace("T", " ")} ${line.who}: ${line.status}${line.note ? `, ${line.note}` : ""}` })
      if (line.stands || line.status === "undone") item.append(make("button", { type: "button", textContent: "take back", aria: { label: `take back: ${line.status} by ${line.who}` }, onclick: () => this.decide({ kind: "undo", decision: line.id }) }))
      list.append(item)
    }
    return list
  }

  // Deciding

  act(act) {
    if (act === "next") return this.next()
    if (!this.who) {
      this.say("Nothing is decided yet: first say who decides.")
      return this.askName()
    }
    if (act === "undo") return this.decide({ kind: "undo" })
    const rows = this.chosen.size ? this.sorted().filter((number) => this.chosen.has(number)) : this.hand < 0 ? [] : [this.hand]
    if (!rows.length) return
    if (rows.some((number) => this.rows[number].saving)) return this.say("Wait: the last decision on this is being saved.")
    if (act === "edit" || act === "split" || act === "merge") this.openEditor(act, rows)
    else if (this.hiddenOf(rows).length) this.askAboutHidden(act, rows)
    else this.settleOn(act, rows)
  }

  settleOn(act, rows) {
    const status = act === "approve" ? "approved" : "rejected"
    const one = rows.length === 1 && rows[0] === this.hand
    this.decide({ kind: "decide", rows, status }, () => {
      this.chooseNoMore(rows)
      if (one && this.hand === rows[0]) this.next(this.said.textContent)
    })
  }

  chooseNoMore(rows) {
    const less = rows.filter((number) => this.chosen.delete(number)).length
    if (less || !this.inSight.has(this.hand)) this.refilter()
  }

  decide(message, then) {
    for (const number of message.rows || (message.row === undefined ? [] : [message.row])) this.rows[number].saving = true
    this.draw()
    const note = this.note.value.trim()
    this.ask({ ...message, note }, () => { if (message.kind !== "undo") this.note.value = ""; then?.() })
  }

  next(before = "") {
    const place = this.order.indexOf(this.hand)
    const after = [...this.order.slice(place + 1), ...this.order.slice(0, place)]
    const found = after.find((number) => this.rows[number].status === "proposed")
    if (found === undefined) this.say(`${before} Every row shown is decided.`.trim())
    else this.hold(found)
  }

  openEditor(act, rows) {
    if ((act === "edit" || act === "split") && rows.length > 1) return this.say(`${rowsOf(rows.length)} are chosen: ${act} one at a time (Esc chooses none).`)
    const row = this.rows[rows[0]]
    const field = (label, value) => make("label", {}, label, make("input", { type: "text", value }))
    const parts = []
    if (act === "merge") {
      if (rows.length < 2) return this.say("Choose the rows to merge first (Space).")
      const join = (name) => rows.map((number) => this.rows[number][name]).join(" ")
      const hidden = this.hiddenOf(rows).length
      parts.push(make("h3", { textContent: `Merge ${rowsOf(rows.length)} into one${hidden ? `, ${count(hidden)} of them hidden by the filter` : ""}` }), field("as published", join("spun")), field("original", join("original")),
        make("label", { className: "check" }, make("input", { type: "checkbox", checked: true }), "reject the parts"))
    } else if (act === "split") {
      parts.push(make("h3", { textContent: "Split: put a | between the parts, as many on both sides" }), field("as published", row.spun), field("original", row.original))
    } else {
      parts.push(make("h3", { textContent: `What did “${row.spun}” stand for?` }), field("original", row.original))
    }
    this.showEditor(act, [...parts, this.buttonsOf("Save")], () => {
      const values = [...this.editor.querySelectorAll("input")].map((input) => (input.type === "checkbox" ? input.checked : input.value))
      const message = act === "edit" ? { kind: "edit", row: rows[0], original: values[0] }
        : act === "merge" ? { kind: "merge", rows, spun: values[0], original: values[1], reject: values[2] }
        : { kind: "split", row: rows[0], parts: pairUp(values[0].split("|"), values[1].split("|")) }
      this.saving = true // until the answer is there: a second Enter must not save it twice
      this.decide(message, () => { this.closeEditor(); this.chooseNoMore(rows) })
    })
    const inputs = [...this.editor.querySelectorAll("input")]
    inputs[0].focus()
    inputs[0].select()
  }

  // Rows that the filter hides are decided only when that was said before.
  askAboutHidden(act, rows) {
    const hidden = this.hiddenOf(rows), shown = rows.filter((number) => this.inSight.has(number))
    const label = ACTS.find(([name]) => name === act)[2]
    const list = make("ul", {}, ...hidden.slice(0, MOST_LISTED).map((number) => make("li", { textContent: pairOf(this.rows[number]) })))
    if (hidden.length > MOST_LISTED) list.append(make("li", { textContent: `and ${count(hidden.length - MOST_LISTED)} more` }))
    const buttons = this.buttonsOf(rows.length === 1 ? label : `${label} all ${count(rows.length)}`)
    if (shown.length) buttons.firstChild.after(" ", make("button", { type: "button", textContent: `Only the ${count(shown.length)} shown`, onclick: () => { this.closeEditor(); this.settleOn(act, shown) } }))
    const question = make("h3", { textContent: `${label} ${rowsOf(rows.length)}, ${count(hidden.length)} of them hidden by the filter?` })
    this.showEditor(act, [question, list, buttons], () => { this.closeEditor(); this.settleOn(act, rows) })
    buttons.firstChild.focus()
  }

  buttonsOf(save) {
    return make("div", {}, make("button", { type: "submit", textContent: save }), " ", make("button", { type: "button", textContent: "Cancel", onclick: () => this.closeEditor() }))
  }

  showEditor(label, parts, save) {
    this.editor.replaceChildren(...parts)
    this.editor.setAttribute("aria-label", label)
    this.editor.hidden = false
    this.editor.onsubmit = (event) => {
      event.preventDefault()
      if (!this.saving) save()
    }
    this.panel.scrollTop = 0
  }

  // The focus, if it was there, goes back to the table (see keepFocus).
  closeEditor() {
    if (this.editor.hidden) return
    this.editor.hidden = true
    this.editor.replaceChildren()
  }

  // Keys and mouse

  pick(event) {
    const number = numberAt(event.target)
    if (number < 0) return
    if (event.shiftKey) this.chooseUpTo(number)
    else if (event.ctrlKey || event.metaKey || event.target.type === "checkbox") this.choose(number)
    this.hold(number, { look: false })
    this.measure()
    this.toTable()
  }

  choose(number) {
    if (!this.chosen.delete(number)) this.chosen.add(number)
  }

  chooseUpTo(number) {
    const [from, to] = [this.order.indexOf(this.hand), this.order.indexOf(number)].sort((a, b) => a - b)
    for (const between of this.order.slice(Math.max(0, from), to + 1)) this.chosen.add(between)
  }

  toggleKeys() {
    this.keys.hidden = !this.keys.hidden
    this.help.setAttribute("aria-expanded", !this.keys.hidden)
  }

  onKey(event) {
    event.stopPropagation()
    if (event.isComposing) return // the keys belong to what is being typed in another script
    const { target } = event
    const inEditor = this.editor.contains(target)
    const typing = inEditor || this.naming.contains(target) || (/^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName) && target.type !== "checkbox")
    if (event.key === "Escape") {
      this.escape(target, inEditor, typing)
      return event.preventDefault()
    }
    if (typing) {
      const ends = event.key === "Enter" && !target.form
      if (ends) this.toTable()
      return ends && event.preventDefault()
    }
    if (target.tagName === "BUTTON" && (event.key === "Enter" || event.key === " ")) return
    if (target.type === "checkbox" && event.key === " ") return
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "a") {
      this.chosen = new Set([...this.chosen, ...this.order])
      this.measure()
      this.draw()
      return event.preventDefault()
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const act = ACTS.find(([, key]) => key === event.key.toLowerCase())
    if (act && event.repeat && act[0] !== "next") {} // a key that is held down decides once
    else if (act) this.act(act[0])
    else if (event.key.toLowerCase() === "w") this.note.focus()
    else if (event.key === "/") this.find.focus()
    else if (event.key === "?") this.toggleKeys()
    else if (!this.panel.contains(target) && this.move(event)) {} // there the arrows move what is read
    else return
    event.preventDefault()
  }

  escape(target, inEditor, typing) {
    if (inEditor) this.closeEditor()
    else if (this.naming.contains(target)) this.leaveName()
    else if (typing || this.panel.contains(target)) this.toTable()
    else if (!this.editor.hidden) this.closeEditor()
    else if (this.chosen.size) {
      this.chosen.clear()
      this.say("No row is chosen any more.")
      this.refilter()
    }
  }

  move(event) {
    const page = Math.max(1, Math.floor(this.scroller.clientHeight / ROW) - 2)
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity }
    if (event.key === " ") {
      this.toTable()
      if (this.hand >= 0) this.choose(this.hand)
      this.measure()
      this.draw()
      return true
    }
    if (event.key === "Enter") {
      this.panel.focus()
      return true
    }
    if (!(event.key in steps) || !this.order.length) return false
    this.toTable()
    const place = Math.min(this.order.length - 1, Math.max(0, this.order.indexOf(this.hand) + steps[event.key]))
    if (event.shiftKey) this.chooseUpTo(this.order[place])
    this.hold(this.order[place])
    this.measure()
    return true
  }
}

function numberAt(element) {
  return Number(element.closest("tr")?.dataset.number ?? -1)
}

function prepare(row, number) {
  if (number !== undefined) row.number = number
  const [spun, original, note] = [row.spun, row.original, row.note].map(fold)
  row.folded = { spun, original, note, searched: `${spun}\n${original}\n${note}` }
}

// As phrases are compared: without case, apostrophes and quotation marks straight, single spaces.
function fold(text) {
  return text.normalize("NFC").toLowerCase().replace(/[’‘‛ʼ`´′]/g, "'").replace(/[“”„‟«»]/g, '"').replace(/\s+/g, " ").trim()
}

// Tells whether a folded text has what is sought in it: as whole words, endings behind an apostrophe apart, or anywhere.
function finder(sought, whole) {
  const words = fold(sought)
  if (!words) return () => true
  if (!whole) return (text) => text.includes(words)
  const letter = "[\\p{L}\\p{N}\\p{M}_]", ending = `(?:s|t|d|m|re|ve|ll)(?!${letter})`
  const ends = [words.at(0), words.at(-1)].map((sign) => new RegExp(letter, "u").test(sign))
  const before = ends[0] ? `(?<!${letter}|${letter}'(?=${ending}))` : ""
  const behind = ends[1] ? `(?!${letter}|'(?!s(?!${letter}))${letter})` : ""
  const found = new RegExp(before + words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&") + behind, "u")
  return (text) => found.test(text)
}

function pairUp(spun, original) {
  return Array.from({ length: Math.max(spun.length, original.length) }, (_, at) => [(spun[at] || "").trim(), (original[at] || "").trim()])
}

function side(which, kind, pieces) {
  const line = make("div", { className: `side ${kind}` }, make("span", { className: "which", textContent: which }))
  for (const [words, mark] of pieces) line.append(mark ? make("mark", { className: mark, textContent: words }) : words)
  return line
}

export default {
  render({ model, el }) {
    const page = new Page(model, el)
    return () => page.close()
  },
}
