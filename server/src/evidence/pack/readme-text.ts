import type { PackContents } from './pack-contents.ts';

/** Recomputes the root of the log from the pack with nothing but Python's standard library. Part of the instructions, and tested as printed. */
export const PYTHON_CHECK = `import base64, hashlib, json

def sha256(data):
    return hashlib.sha256(data).digest()

proof = json.load(open("proof.json"))
leaves = iter([sha256(b"\\x00" + line) for line in open("events.jsonl", "rb").read().split(b"\\n")[:-1]])
nodes = iter([base64.b64decode(node) for node in proof["nodes"]])
edge = []

def add(level, value):
    while edge and edge[-1][0] == level:
        value = sha256(b"\\x01" + edge.pop()[1] + value)
        level += 1
    edge.append((level, value))

at = 0
for index in proof["indexes"] + [proof["size"]]:
    while at < index:
        level = 0
        while at % (2 << level) == 0 and at + (2 << level) <= index:
            level += 1
        add(level, next(nodes))
        at += 1 << level
    if index < proof["size"]:
        add(0, next(leaves))
        at += 1
assert next(nodes, None) is None and next(leaves, None) is None
root = edge.pop()[1] if edge else sha256(b"")
while edge:
    root = sha256(b"\\x01" + edge.pop()[1] + root)
print(proof["size"])
print(base64.b64encode(root).decode())
`;

/** Takes the program out of the unpacked instructions and runs it: on paper it is indented, and Python minds. Tested as printed. */
export const PYTHON_COMMAND = `sed -n '/^    import base64/,/^    print(base64/p' README.txt | cut -c5- | python3 -`;

/** Verifies one signed note with OpenSSL 3. `$KEY` is the verifier key, `$NOTE` the file. Part of the instructions, and tested as printed. */
export const OPENSSL_CHECK = `printf %s "$KEY" | cut -d+ -f3- | base64 -d | tail -c 32 > key.raw
{ printf '\\060\\052\\060\\005\\006\\003\\053\\145\\160\\003\\041\\000'; cat key.raw; } > key.der
sed '/^$/,$d' "$NOTE" > text
grep "^— $(printf %s "$KEY" | cut -d+ -f1) " "$NOTE" | head -n 1 | cut -d' ' -f3 | base64 -d | tail -c 64 > signature
openssl pkeyutl -verify -pubin -keyform DER -inkey key.der -rawin -in text -sigfile signature
`;

const indented = (text: string): string => text.replace(/^(?=.)/gm, '    ');

/** How to verify the pack, with our program and with others. It says nothing that somebody who forged the pack could profit from: keys come from elsewhere. */
export function readmeText({ origin, madeAt, proof }: PackContents): string {
  const withheld = proof.end - proof.begin - proof.indexes.length;
  return `EVIDENCE PACK, FORMAT 1                                        (Bahasa Indonesia: di bawah)

Log            ${origin}
Made at        ${madeAt}
Log entries    ${proof.size} when the pack was made
Selected from  entries ${proof.begin} to ${proof.end} (the last not among them)
Disclosed      ${proof.indexes.length}; not disclosed: ${withheld}

1. WHAT YOU NEED FROM ELSEWHERE

The name of the log and its public key ("verifier key"), from the company by another way than this file, or from an
earlier occasion. keys.txt is a convenience: compare it with what you have, never trust it by itself. A forger would have
put their own key there. A checkpoint of the log that you, or a witness, kept from an earlier day is worth even more.

A key looks like  NAME+0123abcd+BASE64  and begins with the name of the log. Put it between quotes, once, before the commands below:

    KEY='...the key that you got...'

A name that ends in /gap/1 (or 2, 3 ...) is that of a log that has lost events, as when a backup was put back, and went on. Each
such name has a key of its own. Ask what was lost, and who acknowledged it.

2. WITH OUR PROGRAM

You need a copy of Sallyport's source, which the company can give you or you may have from anywhere, and Node.js 20 or newer.
In its folder, with this zip file as you received it:

    npm run --silent -- sallyport verify /path/to/pack.zip --origin "${origin}" --key "$KEY"

The check needs neither network nor database nor a secret. (The first run of a fresh copy downloads what it is built from.)
The first line says INTACT, NOT INTACT or NOT SHOWN; what is wrong, in which file and at which entry, comes right below. Add
--checkpoint FILE for each checkpoint you kept, --witness KEY --least-cosignatures 1 if you know a witness. Exit code 0: intact.
1: not intact, or not shown to be. 2: the command was not understood.

3. WITH OTHER TOOLS

Unpack the zip file into an empty folder and go there. The commands are for a shell as on Linux. On macOS they work too, with
OpenSSL 3 (what the system brings is LibreSSL, which can't do b). On Windows use WSL, or do the same by hand: the SHA-256 of a
file is what "certutil -hashfile FILE SHA256" prints, and Python is called "py".

a) The manifest names the SHA-256 of every other file. With Python 3:

    python3 -c 'import hashlib, json; [print("ok" if hashlib.sha256(open(name, "rb").read()).hexdigest() == value else "BAD", name) for name, value in json.load(open("manifest.json"))["files"].items()]'

   Every line has to say ok, and no other file may be in the folder but manifest.json and manifest.note.

b) manifest.note and checkpoint are signed notes (C2SP signed-note, Ed25519): a text, an empty line, signatures. Go's
   golang.org/x/mod/sumdb/note opens them. So does OpenSSL 3. Set NOTE=manifest.note, run this, then set NOTE=checkpoint and run it
   again. Each time the last line has to be "Signature Verified Successfully". (It leaves key.raw, key.der, text and signature.)

${indented(OPENSSL_CHECK)}
   (Where several keys of one name have signed, "head -n 1" takes the first of them and "tail -n 1" the last. A line under another
   name is a witness's: it signs a time before the text, C2SP tlog-cosignature, which our program checks with --witness.)
   The first line of manifest.note is the name of the log followed by /evidence, the second one the SHA-256 of manifest.json:

    openssl dgst -sha256 -binary manifest.json | base64

   The first line of checkpoint is the name of the log, the second the number of its entries, the third the root of its
   Merkle tree (RFC 6962).

c) The events. events.jsonl holds an event on each line, exactly as it was hashed into the log; an entry's hash is
   SHA-256(0x00, line without its end), a node's SHA-256(0x01, left, right). proof.json holds the index of each line in the log and
   the hashes of the fewest full subtrees that hold every other entry, left to right. The program below computes the root. Save it
   as a file of your own (without the four spaces before each line), or let this take it out of here and run it:

    ${PYTHON_COMMAND}

${indented(PYTHON_CHECK)}
   What it prints has to be the second and the third line of checkpoint. Then no event was changed, and none stands at another
   index than the log has it. Indexes between ${proof.begin} and ${proof.end} that proof.json does not name are entries that were not disclosed to you:
   they can be counted, so nothing was left out quietly.

4. WHAT IS PROVEN, AND WHAT IS NOT

Of the log: events.jsonl, event by event. Derived from it, and derived again by our program: events.csv, events.ocsf.jsonl. The name of
a file in policies is its SHA-256, and events name the policy in force by it. Signed when the pack was made, but not part of the log:
approvals.jsonl, reviews.jsonl, controls.csv, summary.html, and answers.md and answers.json where they are there. controls.csv says which
events help with which control; it is no statement of compliance or certification, and neither are the answers.

The CSV files are UTF-8. In Excel, open them with Data > From Text/CSV and choose 65001: Unicode (UTF-8). An apostrophe before
= + - @ or a tab keeps a cell from running as a formula; it is no part of what was recorded.


PAKET BUKTI, FORMAT 1

1. Nama log dan kunci publiknya ("verifier key") harus Anda peroleh lewat jalan lain, bukan dari paket ini. keys.txt hanya untuk
   memudahkan: bandingkan, jangan dipercaya begitu saja. Checkpoint yang Anda simpan dari hari sebelumnya lebih kuat lagi. Nama yang
   berakhiran /gap/1 dan seterusnya berarti log pernah kehilangan peristiwa, misalnya setelah pemulihan cadangan: tanyakan apa yang
   hilang. Nama itu punya kunci sendiri.
2. Dengan program kami (salinan kode sumber Sallyport dan Node.js 20 atau lebih baru; pemeriksaannya tanpa jaringan, basis data, atau
   rahasia): perintah di bagian 2. Baris pertama: INTACT (utuh), NOT INTACT (tidak utuh), atau NOT SHOWN (tidak dapat ditunjukkan);
   kesalahannya disebut tepat di bawahnya. Kode keluar 0: utuh; 1: tidak; 2: perintah tidak dipahami.
3. Dengan alat lain: bagian 3. (a) setiap baris harus "ok"; (b) "Signature Verified Successfully" untuk manifest.note dan checkpoint
   dengan kunci Anda, dan baris kedua manifest.note adalah SHA-256 dari manifest.json; (c) yang dicetak program Python harus sama dengan baris kedua dan
   ketiga checkpoint. Indeks antara ${proof.begin} dan ${proof.end} yang tidak disebut proof.json adalah entri yang tidak dibuka kepada Anda.
4. Terbukti dari log: events.jsonl. Diturunkan darinya: events.csv, events.ocsf.jsonl. Ditandatangani saat paket dibuat, tetapi bukan bagian
   dari log: approvals.jsonl, reviews.jsonl, controls.csv, summary.html, juga answers.md dan answers.json bila ada. Paket ini bukan
   pernyataan kepatuhan atau sertifikasi.
`;
}
