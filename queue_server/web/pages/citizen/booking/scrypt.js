// scrypt (RFC 7914) with N 256, r 4, p 1 and 4 bytes, in plain script: crypto.subtle has no scrypt,
// and is for https pages only. Written for speed: what is slow here makes visitors wait, but not
// those programs that bring a faster one of their own.
const K = new Uint32Array(64);
const START = new Uint32Array(8);
{
  let primes = 0;
  for (let n = 2; primes < 64; n += 1) {
    let prime = true;
    for (let d = 2; d * d <= n; d += 1) if (n % d === 0) prime = false;
    if (!prime) continue;
    const part = (root) => ((n ** root - Math.floor(n ** root)) * 2 ** 32) >>> 0;
    if (primes < 8) START[primes] = part(1 / 2);
    K[primes] = part(1 / 3);
    primes += 1;
  }
}

const w = new Int32Array(64);

function compress(state, bytes, at) {
  for (let i = 0; i < 16; i += 1, at += 4)
    w[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
  for (let i = 16; i < 64; i += 1) {
    const a = w[i - 15],
      b = w[i - 2];
    const s0 = ((a >>> 7) | (a << 25)) ^ ((a >>> 18) | (a << 14)) ^ (a >>> 3);
    const s1 = ((b >>> 17) | (b << 15)) ^ ((b >>> 19) | (b << 13)) ^ (b >>> 10);
    w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
  }
  let a = state[0],
    b = state[1],
    c = state[2],
    d = state[3],
    e = state[4],
    f = state[5],
    g = state[6],
    h = state[7];
  for (let i = 0; i < 64; i += 1) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

function sha256(message) {
  const padded = new Uint8Array((((message.length + 8) >> 6) << 6) + 64);
  padded.set(message);
  padded[message.length] = 0x80;
  new DataView(padded.buffer).setUint32(padded.length - 4, message.length * 8);
  const state = START.slice();
  for (let at = 0; at < padded.length; at += 64) compress(state, padded, at);
  const out = new Uint8Array(32);
  const view = new DataView(out.buffer);
  for (let i = 0; i < 8; i += 1) view.setUint32(4 * i, state[i]);
  return out;
}

function join(first, second) {
  const out = new Uint8Array(first.length + second.length);
  out.set(first);
  out.set(second, first.length);
  return out;
}

function hmac(key, message) {
  const inner = new Uint8Array(64).fill(0x36),
    outer = new Uint8Array(64).fill(0x5c);
  for (let i = 0; i < key.length; i += 1) {
    inner[i] ^= key[i];
    outer[i] ^= key[i];
  }
  return sha256(join(outer, sha256(join(inner, message))));
}

function pbkdf2(password, salt, length) {
  const out = new Uint8Array(length);
  for (let block = 1, at = 0; at < length; block += 1, at += 32) {
    out.set(
      hmac(password, join(salt, new Uint8Array([0, 0, 0, block]))).subarray(0, length - at),
      at,
    );
  }
  return out;
}

const N = 256,
  R = 4,
  WORDS = 32 * R;

const x = new Int32Array(WORDS),
  y = new Int32Array(WORDS),
  v = new Int32Array(N * WORDS),
  s = new Int32Array(16);

function salsa() {
  let x0 = s[0],
    x1 = s[1],
    x2 = s[2],
    x3 = s[3],
    x4 = s[4],
    x5 = s[5],
    x6 = s[6],
    x7 = s[7];
  let x8 = s[8],
    x9 = s[9],
    xa = s[10],
    xb = s[11],
    xc = s[12],
    xd = s[13],
    xe = s[14],
    xf = s[15],
    u = 0;
  for (let i = 0; i < 4; i += 1) {
    u = (x0 + xc) | 0;
    x4 ^= (u << 7) | (u >>> 25);
    u = (x4 + x0) | 0;
    x8 ^= (u << 9) | (u >>> 23);
    u = (x8 + x4) | 0;
    xc ^= (u << 13) | (u >>> 19);
    u = (xc + x8) | 0;
    x0 ^= (u << 18) | (u >>> 14);
    u = (x5 + x1) | 0;
    x9 ^= (u << 7) | (u >>> 25);
    u = (x9 + x5) | 0;
    xd ^= (u << 9) | (u >>> 23);
    u = (xd + x9) | 0;
    x1 ^= (u << 13) | (u >>> 19);
    u = (x1 + xd) | 0;
    x5 ^= (u << 18) | (u >>> 14);
    u = (xa + x6) | 0;
    xe ^= (u << 7) | (u >>> 25);
    u = (xe + xa) | 0;
    x2 ^= (u << 9) | (u >>> 23);
    u = (x2 + xe) | 0;
    x6 ^= (u << 13) | (u >>> 19);
    u = (x6 + x2) | 0;
    xa ^= (u << 18) | (u >>> 14);
    u = (xf + xb) | 0;
    x3 ^= (u << 7) | (u >>> 25);
    u = (x3 + xf) | 0;
    x7 ^= (u << 9) | (u >>> 23);
    u = (x7 + x3) | 0;
    xb ^= (u << 13) | (u >>> 19);
    u = (xb + x7) | 0;
    xf ^= (u << 18) | (u >>> 14);
    u = (x0 + x3) | 0;
    x1 ^= (u << 7) | (u >>> 25);
    u = (x1 + x0) | 0;
    x2 ^= (u << 9) | (u >>> 23);
    u = (x2 + x1) | 0;
    x3 ^= (u << 13) | (u >>> 19);
    u = (x3 + x2) | 0;
    x0 ^= (u << 18) | (u >>> 14);
    u = (x5 + x4) | 0;
    x6 ^= (u << 7) | (u >>> 25);
    u = (x6 + x5) | 0;
    x7 ^= (u << 9) | (u >>> 23);
    u = (x7 + x6) | 0;
    x4 ^= (u << 13) | (u >>> 19);
    u = (x4 + x7) | 0;
    x5 ^= (u << 18) | (u >>> 14);
    u = (xa + x9) | 0;
    xb ^= (u << 7) | (u >>> 25);
    u = (xb + xa) | 0;
    x8 ^= (u << 9) | (u >>> 23);
    u = (x8 + xb) | 0;
    x9 ^= (u << 13) | (u >>> 19);
    u = (x9 + x8) | 0;
    xa ^= (u << 18) | (u >>> 14);
    u = (xf + xe) | 0;
    xc ^= (u << 7) | (u >>> 25);
    u = (xc + xf) | 0;
    xd ^= (u << 9) | (u >>> 23);
    u = (xd + xc) | 0;
    xe ^= (u << 13) | (u >>> 19);
    u = (xe + xd) | 0;
    xf ^= (u << 18) | (u >>> 14);
  }
  s[0] += x0;
  s[1] += x1;
  s[2] += x2;
  s[3] += x3;
  s[4] += x4;
  s[5] += x5;
  s[6] += x6;
  s[7] += x7;
  s[8] += x8;
  s[9] += x9;
  s[10] += xa;
  s[11] += xb;
  s[12] += xc;
  s[13] += xd;
  s[14] += xe;
  s[15] += xf;
}

function mix() {
  s.set(x.subarray(WORDS - 16));
  for (let i = 0; i < 2 * R; i += 1) {
    for (let j = 0; j < 16; j += 1) s[j] ^= x[16 * i + j];
    salsa();
    y.set(s, 16 * ((i >> 1) + (i & 1) * R));
  }
  x.set(y);
}
/** Four bytes of a password (at most 64 bytes) and a salt. */
export function scrypt(password, salt) {
  const view = new DataView(pbkdf2(password, salt, 4 * WORDS).buffer);
  for (let i = 0; i < WORDS; i += 1) x[i] = view.getInt32(4 * i, true);
  for (let i = 0; i < N; i += 1) {
    v.set(x, i * WORDS);
    mix();
  }
  for (let i = 0; i < N; i += 1) {
    const at = (x[WORDS - 16] & (N - 1)) * WORDS;
    for (let k = 0; k < WORDS; k += 1) x[k] ^= v[at + k];
    mix();
  }
  const mixed = new Uint8Array(4 * WORDS);
  const out = new DataView(mixed.buffer);
  for (let i = 0; i < WORDS; i += 1) out.setInt32(4 * i, x[i], true);
  return pbkdf2(password, mixed, 4);
}
