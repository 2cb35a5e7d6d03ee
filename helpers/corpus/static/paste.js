// The page of the form for pasting. It says that an article is in only when the Python side has said that it is on
// disk. Words from articles are only ever set as text, never as HTML.

const PATIENCE = 30000 // ms without an answer from the kernel until an article is called not saved
const UNANSWERED = "The kernel does not answer: this article may not be on disk. Mend: run the notebook again and look."
const FIELDS = [
  { name: "site", label: "Site", hint: "copycat.com; from the address, if empty", keep: true },
  { name: "title", label: "Title", hint: "its headline", required: true },
  { name: "url", label: "Address of the page", type: "url", hint: "https://…" },
  { name: "byline", label: "Byline" },
  { name: "published", label: "Published", hint: "2025-09-05 or …T14:30 (UTC)" },
  { name: "retrieved", label: "Retrieved", hint: "when you copied it", keep: true },
  { name: "article_id", label: "Name of the article", hint: "made if empty" },
  { name: "licence", label: "By what right it is kept", keep: true },
  { name: "note", label: "Note", hint: "is printed in the report" },
]

class Page {
  constructor(model, element) {
    this.model = model
    this.asked = 0
    this.name = `paste-${Math.random().toString(36).slice(2, 8)}`
    this.build(element)
    this.listen = (message) => this.receive(message)
    model.on("msg:custom", this.listen)
    this.ask({ kind: "open" })
  }

  close() {
    this.model.off("msg:custom", this.listen)
    clearTimeout(this.timer)
    this.letFocusGo()
  }

  build(element) {
    this.fields = {}
    this.role = make("select", { name: "role", onchange: () => this.changedRole() }, new Option("reference (where it was taken from)", "reference"), new Option("spun", "spun"))
    this.reference = make("select", { name: "reference_id" })
    this.text = make("textarea", { name: "text", required: true, spellcheck: false, oninput: () => this.count() })
    this.length = make("span", { className: "hint" })
    this.button = make("button", { type: "submit", aria: { keyshortcuts: "Control+Enter" } }, "Put it into the corpus", make("kbd", { textContent: "Ctrl + Enter", aria: { hidden: true } }))
    this.said = make("div", { className: "said", aria: { role: "status", live: "polite" } })
    this.alarm = make("div", { className: "alarm", hidden: true, aria: { role: "alert" } })
    this.progress = make("span", { textContent: "Waiting for the kernel …" })
    const field = (label, control, kind = "") => make("label", { className: kind }, label, control)
    this.referenceField = field("Its reference", this.reference)
    const form = make("form", { noValidate: true, onsubmit: (event) => { event.preventDefault(); this.save() } }, field("Text", this.text, "wide"), field("Role", this.role), this.referenceField)
    for (const { name, label, type = "text", hint = "", required = false } of FIELDS) {
      this.fields[name] = make("input", { type, name, placeholder: hint, required, autocomplete: "off" })
      form.append(field(label, this.fields[name]))
    }
    form.append(make("div", { className: "end wide" }, this.button, this.length))
    this.form = form
    this.root = make("section", { className: "unspun-review unspun-paste", aria: { label: "Paste an article" } }, make("h3", { textContent: "Paste an article" }), this.progress, form, this.alarm, this.said)
    this.root.setAttribute("data-lm-suppress-shortcuts", "true") // or JupyterLab would take keys for its own
    this.root.addEventListener("keydown", (event) => this.onKey(event))
    this.letFocusGo = keepFocus(this.root, () => this.text)
    element.append(this.root)
    this.shownReference()
    this.count()
  }

  onKey(event) {
    event.stopPropagation()
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      this.save()
    }
  }

  changedRole() {
    this.fields.site.value = "" // a spun article and its reference stood on two sites
    this.shownReference()
  }

  shownReference() {
    this.referenceField.hidden = this.role.value !== "spun"
  }

  count() {
    this.length.textContent = `${[...this.text.value].length.toLocaleString("en")} characters`
  }

  save() {
    if (this.saving) return
    const facts = { role: this.role.value, reference_id: this.reference.value, text: this.text.value }
    for (const { name } of FIELDS) facts[name] = this.fields[name].value
    this.saving = true
    this.button.disabled = true
    this.warn("")
    this.say("Saving …")
    this.timer = setTimeout(() => this.done(UNANSWERED), PATIENCE)
    this.request = this.ask({ kind: "save", ...facts })
  }

  ask(message) {
    const request = `${this.name}-${++this.asked}`
    try {
      this.model.send({ ...message, request })
    } catch (error) {
      if (message.kind === "save") this.done(UNANSWERED)
    }
    return request
  }

  receive(message) {
    this.root.classList.add("unspun-live")
    const mine = message.request === this.request // another view of the same form may have asked
    if (message.kind === "failed") return mine && this.done(message.said)
    this.progress.textContent = message.progress
    this.listReferences(message.references)
    if (message.kind !== "saved" || !mine) return
    this.done("")
    this.text.value = ""
    for (const { name, keep } of FIELDS) if (!keep) this.fields[name].value = ""
    this.count()
    this.say([message.said, ...message.notices].join(" "), true)
    this.text.focus()
  }

  listReferences(references) {
    const chosen = this.reference.value
    this.reference.replaceChildren(new Option("not known", ""), ...references.map(([id, title]) => new Option(title ? `${id}: ${title}` : id, id)))
    if (references.some(([id]) => id === chosen)) this.reference.value = chosen
  }

  done(wrong) {
    clearTimeout(this.timer)
    this.saving = false
    this.button.disabled = false
    this.warn(wrong)
    if (wrong) this.say("")
  }

  say(what, saved = false) {
    this.said.textContent = what
    this.said.classList.toggle("saved", saved)
  }

  warn(what) {
    this.alarm.hidden = !what
    this.alarm.textContent = what
  }
}

export default {
  render({ model, el }) {
    const page = new Page(model, el)
    return () => page.close()
  },
}
