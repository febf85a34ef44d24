"""How the services of the demo are had online. The addresses are examples and lead nowhere."""

from __future__ import annotations

from collections.abc import Mapping

from queue_server.domain.office.office import OnlineWay

EXAMPLE = "https://contoh.example"


def _way(path: str, steps: tuple[str, ...], in_english: tuple[str, ...]) -> OnlineWay:
    """A way online; its steps in Indonesian and in English."""
    return OnlineWay(f"{EXAMPLE}/{path}", {"id": "\n".join(steps), "en": "\n".join(in_english)})


WAYS: Mapping[str, OnlineWay] = {
    "CTK": _way(
        "cetak-ulang-ktp",
        (
            "Isi formulir dan unggah foto KK.",
            "Unggah surat kehilangan dari polisi, foto KTP yang rusak, atau bukti perubahan data.",
            "Tunggu kabar bahwa KTP sudah jadi.",
            "Buat janji untuk mengambilnya di kantor.",
        ),
        (
            "Fill in the form and upload a photo of your family card.",
            "Upload the police loss letter, a photo of the broken card or proof of the change.",
            "Wait for word that the card is ready.",
            "Choose a time to collect it at the office.",
        ),
    ),
    "KK": _way(
        "kartu-keluarga",
        (
            "Isi formulir F-1.02.",
            "Unggah bukti nikah atau kelahiran dan foto KK lama.",
            "KK dikirim sebagai PDF ke email Anda.",
            "Cetak sendiri di kertas A4 putih. KK itu sah karena punya kode QR.",
        ),
        (
            "Fill in form F-1.02.",
            "Upload proof of marriage or birth and a photo of the old family card.",
            "The family card comes to your e-mail as a PDF.",
            "Print it on white A4 paper. Its QR code makes it valid.",
        ),
    ),
    "PIN": _way(
        "pindah-datang",
        (
            "Isi formulir pindah dengan alamat tujuan.",
            "Unggah foto KK dan KTP.",
            "Surat pindah (SKPWNI) dikirim sebagai PDF ke email Anda.",
            "Lapor datang di Dukcapil tempat tujuan.",
        ),
        (
            "Fill in the form with your new address.",
            "Upload photos of your family card and ID card.",
            "The moving letter (SKPWNI) comes to your e-mail as a PDF.",
            "Report to the civil registry of your new town.",
        ),
    ),
    "KIA": _way(
        "kartu-identitas-anak",
        (
            "Isi formulir untuk anak Anda.",
            "Unggah akta kelahiran dan KK, serta pasfoto untuk anak 5 tahun ke atas.",
            "Tunggu kabar bahwa kartunya sudah jadi.",
            "Buat janji untuk mengambilnya di kantor.",
        ),
        (
            "Fill in the form for your child.",
            "Upload the birth certificate and family card, and a photo from age 5.",
            "Wait for word that the card is ready.",
            "Choose a time to collect it at the office.",
        ),
    ),
    "AKL": _way(
        "akta-kelahiran",
        (
            "Isi formulir kelahiran.",
            "Unggah surat kelahiran, bukti nikah, KTP orang tua, dan KK.",
            "Akta dikirim sebagai PDF ke email Anda.",
            "Cetak sendiri di kertas A4 putih. Akta itu sah karena punya kode QR.",
        ),
        (
            "Fill in the birth form.",
            "Upload the birth letter, proof of marriage, the parents' ID cards and family card.",
            "The certificate comes to your e-mail as a PDF.",
            "Print it on white A4 paper. Its QR code makes it valid.",
        ),
    ),
    "AKM": _way(
        "akta-kematian",
        (
            "Isi formulir kematian.",
            "Unggah surat kematian serta KTP dan KK almarhum dan pelapor.",
            "Akta dikirim sebagai PDF ke email Anda.",
            "Cetak sendiri di kertas A4 putih. Akta itu sah karena punya kode QR.",
        ),
        (
            "Fill in the death form.",
            "Upload the death letter, and the ID and family cards of the deceased and your own.",
            "The certificate comes to your e-mail as a PDF.",
            "Print it on white A4 paper. Its QR code makes it valid.",
        ),
    ),
    "SNK": _way(
        "sinkronisasi-data",
        (
            "Isi formulir dan sebutkan di mana NIK Anda tidak terbaca.",
            "Unggah foto KTP, KK, dan bukti data yang tidak cocok.",
            "Tunggu kabar, biasanya 1 hari kerja, lalu coba lagi di BPJS atau bank.",
        ),
        (
            "Fill in the form and say where your ID number is not accepted.",
            "Upload photos of your ID card, family card and proof of the mismatch.",
            "Wait for word, usually 1 working day, then try again at BPJS or the bank.",
        ),
    ),
    "PGD": _way(
        "pengaduan",
        (
            "Tulis keluhan atau pertanyaan Anda.",
            "Simpan nomor pengaduan.",
            "Jawaban dikirim ke email Anda.",
        ),
        (
            "Write your complaint or question.",
            "Keep the number of your complaint.",
            "The answer comes to your e-mail.",
        ),
    ),
}
