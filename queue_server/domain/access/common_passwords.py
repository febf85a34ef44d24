"""Which passwords are tried first by whoever guesses: common words and keyboard runs, however they
are dressed up.

A list of finished passwords is long and misses next year's. Here the words are listed once, in
their plain spelling; a password is common if it consists of at most two of them, or of one's own
names, with nothing but digits and signs around.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

WORDS_TRIED = 2
"""So many listed words in a row are tried by every program that guesses; three in a row are beyond
it.
"""

SHORTEST_NAME = 3

_PLAIN = str.maketrans("013457@$!|", "oieastasii")
"""The usual disguises: a digit or sign for the letter it looks like."""

_WORDS = """
    password passwort passwd pass passw passwordku passcode secret secretku letmein welcome login
    logon signin account access admin administrator administrasi root user username guest test
    testing tester demo default changeme change temp temporary sample example master superman batman
    spiderman ironman starwars pokemon naruto sasuke onepiece dragon monkey tiger lion eagle phoenix
    shadow ninja warrior hunter killer ranger soccer football baseball basketball hockey liverpool
    arsenal chelsea manchester united barcelona realmadrid juventus milan intermilan sunshine
    princess prince queen king angel angels heaven jesus christ god blessed iloveyou loveyou lovely
    love forever baby babygirl honey sweet sweetie darling flower rose summer winter spring autumn
    monday tuesday wednesday thursday friday saturday sunday january february march april may june
    july august september october november december michael michelle jennifer jessica jordan ashley
    andrew daniel thomas robert charlie george nicole anthony joshua matthew hannah computer
    internet google facebook instagram twitter youtube whatsapp telegram samsung iphone apple
    android microsoft windows linux oracle cisco server network system database office school
    student teacher company business money dollar lucky happy smile cheese cookie chocolate banana
    orange pepper purple silver golden diamond freedom liberty america london paris indonesia
    singapore trustno whatever nothing something hello hi computer mustang ferrari porsche corvette
    yamaha honda toyota suzuki kawasaki vespa matrix zaq xsw qaz wsx edc qwe asd zxc abc abcd abcde
    abcdef abcdefg abcdefgh abcdefghij xyz qwer qwert qwerty qwertyu qwertyui qwertyuiop asdf asdfg
    asdfgh asdfghjk asdfghjkl zxcv zxcvb zxcvbn zxcvbnm azerty qwertz qazwsx qazwsxedc qweasd
    qweasdzxc poiuy poiuytrewq lkjhgfdsa mnbvcxz sandi katasandi kata rahasia rahasiaku kunci
    kuncirahasia masuk buka aku kamu saya kita kami dia cinta cintaku sayang sayangku akusayangkamu
    akucintakamu cintakamu kasih kasihku rindu hati hatiku jiwa bunda ibu ibuku mama mamah papa ayah
    ayahku bapak bapa anak anakku adik kakak keluarga keluargaku bismillah bismilah alhamdulillah
    assalamualaikum insyaallah allah allahuakbar subhanallah muhammad ahmad islam muslim masjid
    quran ramadhan ramadan lebaran idulfitri natal yesus tuhan merdeka garuda pancasila nusantara
    bhinneka republik negara bangsa jakarta bandung surabaya semarang yogyakarta jogja jogjakarta
    medan palembang makassar denpasar bali lombok banten serang tangerang tangsel cilegon lebak
    pandeglang bogor depok bekasi malang solo surakarta padang pekanbaru lampung pontianak
    banjarmasin samarinda balikpapan manado ambon jayapura papua jawa sunda sumatera sumatra
    kalimantan sulawesi maluku aceh riau jambi bengkulu gorontalo persib persija persebaya arema
    timnas bobotoh viking jakmania selamat pagi siang sore malam datang semangat sukses berkah
    bahagia sehat sejahtera mantap keren ganteng cantik manis lucu senin selasa rabu kamis jumat
    sabtu minggu januari februari maret mei juni juli agustus oktober desember merah putih biru
    hijau kuning hitam ungu emas perak bintang bulan matahari pelangi mawar melati anggrek kucing
    anjing macan harimau singa elang naga kuda sapi ayam bebek ikan komputer laptop handphone
    telepon telkomsel indosat telkom pertamina gojek tokopedia shopee bukalapak bank uang duit
    rupiah kaya budi siti agus dewi andi rina yanti yudi joko slamet sri wati putri putra bayu rizky
    rizki dian indah ayu nur nurul fitri fitria eka dwi tri adi rahmat hidayat susanto setiawan
    gunawan kurniawan wahyu baru lama coba cobacoba percobaan tes latihan sementara ganti gantisandi
    awal standar bebas terserah nggak tidak lupa ingat antrean antrian antre antri queue loket
    counter nomor karcis tiket ticket slip kios kiosk display layar printer cetak kasir petugas
    pegawai staf staff operator satpam pengawas supervisor manajer manager kepala pimpinan pelayanan
    layanan pelayananku publik masyarakat warga kantor dinas kecamatan kelurahan kabupaten kota
    provinsi camat lurah bupati gubernur walikota pemerintah pemda pemkot pemkab pemprov dukcapil
    disdukcapil capil kependudukan sipil catatan ktp ektp kartu tanda penduduk akta kelahiran
    kematian kia nik kk rekam perekaman samsat imigrasi paspor pajak puskesmas rsud mpp dpmptsp bpjs
"""
_LISTED = frozenset(_WORDS.split())

_RUNS = (
    "01234567890123456789",
    "98765432109876543210",
    "abcdefghijklmnopqrstuvwxyz",
    "zyxwvutsrqponmlkjihgfedcba",
)
_FINISHED = frozenset(
    (
        "1q2w3e4r5t",
        "1q2w3e4r5t6y",
        "q1w2e3r4t5",
        "q1w2e3r4t5y6",
        "1qaz2wsx3edc",
        "zaq12wsxcde3",
        "1a2b3c4d5e",
        "a1b2c3d4e5",
        "p0o9i8u7y6",
    )
)
_SIGNS_AND_DIGITS = re.compile(r"[\W\d_]+")
_END = re.compile(r"[\W\d_]+\Z")
_ENDS = re.compile(r"\A[\W\d_]+|[\W\d_]+\Z")


def is_common(password: str, names: Iterable[str] = ()) -> bool:
    """Whether a password is among those that are tried first. `names` are the person's, the
    office's and the like, in any spelling.
    """
    typed = _fold(password)
    own = {
        part
        for name in names
        for part in _SIGNS_AND_DIGITS.split(_fold(name))
        if len(part) >= SHORTEST_NAME
    }
    known = frozenset(_LISTED | own)
    bare = re.sub(r"[\W_]", "", typed)
    if (
        not re.search(r"[^\W\d_]", typed)
        or bare in _FINISHED
        or len(set(bare)) <= 3
        or any(bare in run for run in _RUNS)
    ):
        return True
    # A year behind the word is no disguise of letters, so it is taken off before the disguises are.
    spellings = {
        typed,
        *(each.translate(_PLAIN) for each in (typed, _ENDS.sub("", typed), _END.sub("", typed))),
    }
    return any(_is_dressed(each, known) for each in spellings)


def _is_dressed(spelling: str, known: frozenset[str]) -> bool:
    """Whether its letters, without what stands between them, are at most `WORDS_TRIED` known words;
    one said again counts once.
    """
    letters = _SIGNS_AND_DIGITS.sub("", spelling)
    # The words that may stand before each place, as sets of those said so far.
    said: list[set[frozenset[str]]] = [set() for _ in range(len(letters) + 1)]
    said[0].add(frozenset())
    for start in range(len(letters)):
        for end in range(start + 1, len(letters) + 1) if said[start] else ():
            word = letters[start:end]
            if word in known:
                said[end] |= {
                    each | {word} for each in said[start] if len(each | {word}) <= WORDS_TRIED
                }
    return bool(letters) and bool(said[-1])


def _fold(text: str) -> str:
    """Lower case, without accents."""
    return "".join(
        each
        for each in unicodedata.normalize("NFKD", text).lower()
        if not unicodedata.combining(each)
    )
