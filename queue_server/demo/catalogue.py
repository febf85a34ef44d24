"""What a civil-registry office offers: six streams and fourteen services, in the words of the
people who come for them.
"""

from __future__ import annotations

from queue_server.domain.office.office import IdentityKind, Service, ServiceChannel, Stream

from .guidance import SEARCH_WORDS, WAYS

STREAMS = (
    Stream("A", {"id": "Perekaman", "en": "Enrolment"}),
    Stream("C", {"id": "Cetak & ambil", "en": "Printing & pick-up"}),
    Stream("F", {"id": "Pendaftaran penduduk", "en": "Residents"}),
    Stream("Z", {"id": "Pencatatan sipil", "en": "Civil records"}),
    Stream(
        "U", {"id": "Urgen, sinkronisasi, legalisir", "en": "Urgent, corrections, legalisation"}
    ),
    Stream("X", {"id": "Pengaduan & WNA", "en": "Complaints & foreign residents"}),
)

URGENT_LETTER = "U"
"""The stream of urgent cases, whatever service they need."""

_COME, _HYBRID = ServiceChannel.MUST_COME, ServiceChannel.HYBRID
_EITHER, _ONLINE = ServiceChannel.EITHER, ServiceChannel.ONLINE


def _service(
    code: str,
    letter: str,
    channel: ServiceChannel,
    minutes: int,
    name: tuple[str, str],
    summary: tuple[str, str],
    bring: tuple[str, str],
    identity: IdentityKind = IdentityKind.NIK,
) -> Service:
    """One service; each pair of texts is Indonesian, English."""
    name_words, summary_words, bring_words = (
        {"id": pair[0], "en": pair[1]} for pair in (name, summary, bring)
    )
    return Service(
        code,
        letter,
        name_words,
        summary_words,
        bring_words,
        channel,
        minutes,
        WAYS.get(code),
        SEARCH_WORDS[code],
        identity,
    )


SERVICES = (
    _service(
        "REK",
        "A",
        _COME,
        10,
        ("Perekaman KTP-el", "Enrolment for the ID card"),
        (
            "Rekam foto, sidik jari, dan iris mata untuk KTP pertama",
            "Have your photo, fingerprints and iris scan taken for your first ID card",
        ),
        (
            "Kartu Keluarga (KK). Usia 17 tahun ke atas atau sudah menikah.",
            "Family card (KK). Aged 17 or over, or married.",
        ),
    ),
    _service(
        "IKD",
        "A",
        _COME,
        5,
        ("Aktivasi IKD", "Digital ID activation"),
        ("Aktifkan KTP digital di ponsel Anda", "Switch on the digital ID card on your phone"),
        (
            "Ponsel dengan internet, alamat email, dan KTP.",
            "A phone with internet, an e-mail address and your ID card.",
        ),
    ),
    _service(
        "CTK",
        "C",
        _HYBRID,
        6,
        ("Cetak ulang KTP-el", "ID card reprint"),
        (
            "Ganti KTP yang hilang, rusak, atau datanya berubah",
            "Replace an ID card that is lost, broken or out of date",
        ),
        (
            "KK, dan surat kehilangan dari polisi, KTP yang rusak, atau bukti perubahan data.",
            "Family card, and the police loss letter, the broken card or proof of the change.",
        ),
    ),
    _service(
        "AMB",
        "C",
        _COME,
        3,
        ("Pengambilan KTP-el/KIA", "Pick up an ID card"),
        ("Ambil KTP atau KIA yang sudah jadi", "Collect an ID card or child card that is ready"),
        (
            "Tanda terima, dan KTP Anda atau surat kuasa.",
            "The receipt, and your own ID card or a power of attorney.",
        ),
    ),
    _service(
        "KK",
        "F",
        _ONLINE,
        10,
        ("Kartu Keluarga", "Family card"),
        (
            "Buat KK baru, ubah isinya, atau ganti yang hilang",
            "Get a family card, change it or replace a lost one",
        ),
        (
            "Bukti nikah atau kelahiran, KK lama, formulir F-1.02.",
            "Proof of marriage or birth, the old family card, form F-1.02.",
        ),
    ),
    _service(
        "PIN",
        "F",
        _ONLINE,
        10,
        ("Pindah/datang", "Moving house"),
        ("Urus surat pindah atau lapor datang", "Register a move out of or into this area"),
        ("KK, KTP, dan alamat tujuan.", "Family card, ID card and the new address."),
    ),
    _service(
        "KIA",
        "F",
        _HYBRID,
        6,
        ("Kartu Identitas Anak", "Child ID card"),
        (
            "Buat kartu identitas untuk anak di bawah 17 tahun",
            "Get an ID card for a child under 17",
        ),
        (
            "Akta kelahiran, KK, dan pasfoto untuk anak 5 tahun ke atas.",
            "Birth certificate, family card, and a photo from age 5.",
        ),
    ),
    _service(
        "AKL",
        "Z",
        _ONLINE,
        12,
        ("Akta kelahiran", "Birth certificate"),
        ("Catatkan kelahiran anak", "Register the birth of a child"),
        (
            (
                "Surat kelahiran (atau SPTJM F-2.03 dan 2 saksi), bukti nikah (atau SPTJM F-2.04), "
                "KTP orang tua, KK."
            ),
            (
                "Birth letter (or form F-2.03 and 2 witnesses), proof of marriage "
                "(or form F-2.04), the parents' ID cards, family card."
            ),
        ),
    ),
    _service(
        "AKM",
        "Z",
        _ONLINE,
        10,
        ("Akta kematian", "Death certificate"),
        ("Catatkan kematian anggota keluarga", "Register the death of a family member"),
        (
            "Surat kematian, KTP dan KK almarhum serta pelapor.",
            "Death letter, ID and family cards of the deceased and of the reporter.",
        ),
    ),
    _service(
        "AKP",
        "Z",
        _COME,
        25,
        ("Akta perkawinan/perceraian", "Marriage or divorce record"),
        (
            "Catatkan perkawinan atau perceraian bagi non-Muslim",
            "Register a marriage or divorce of non-Muslims",
        ),
        (
            "Surat pemuka agama atau putusan pengadilan, KTP, KK, pasfoto, 2 saksi.",
            "Religious certificate or court decree, ID card, family card, photo, 2 witnesses.",
        ),
    ),
    _service(
        "SNK",
        "U",
        _ONLINE,
        6,
        ("Sinkronisasi data", "Data correction"),
        (
            "Perbaiki NIK yang tidak terbaca di BPJS, bank, CPNS, atau pajak",
            "Fix an ID number that BPJS, a bank or the tax office cannot find",
        ),
        (
            "KTP, KK, dan bukti data yang tidak cocok.",
            "ID card, family card and proof of the mismatch.",
        ),
    ),
    _service(
        "LEG",
        "U",
        _COME,
        4,
        ("Legalisir dokumen lama", "Legalise an old document"),
        (
            "Hanya untuk dokumen bertanda tangan basah. Dokumen dengan kode QR sudah sah.",
            "Only for papers signed by hand. A paper with a QR code is valid as it is.",
        ),
        ("Dokumen asli dan fotokopinya.", "The original and its copies."),
    ),
    _service(
        "PGD",
        "X",
        _EITHER,
        8,
        ("Pengaduan/konsultasi", "Complaint or advice"),
        ("Sampaikan keluhan atau tanyakan urusan Anda", "Make a complaint or ask about your case"),
        ("Tidak perlu berkas.", "No papers needed."),
    ),
    _service(
        "WNA",
        "X",
        _COME,
        20,
        ("Layanan orang asing", "Foreign residents"),
        (
            "Urus SKTT atau KTP-el untuk warga negara asing",
            "Get a residence letter or ID card as a foreign resident",
        ),
        ("Paspor, KITAS/KITAP, dan penjamin.", "Passport, KITAS/KITAP and sponsor."),
        IdentityKind.NIK_OR_PASSPORT,
    ),
)
