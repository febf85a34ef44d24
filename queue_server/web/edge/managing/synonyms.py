"""Other words by which people look for a rule: those of other systems, and of the office floor."""

from __future__ import annotations

from collections.abc import Mapping

RULES: Mapping[str, tuple[str, ...]] = {
    "calling.grace_minutes": ("grace period", "toleransi keterlambatan", "masa tenggang", "late"),
    "calling.late_minutes": ("terlambat", "late arrival", "toleransi"),
    "calling.return_minutes": ("kembali", "come back", "no-show", "tidak hadir"),
    "calling.missed_after_seconds": ("no-show", "tidak hadir", "mangkir", "lewat"),
    "calling.recall_seconds": ("panggil ulang", "recall", "ulang panggilan"),
    "calling.calls_max": ("panggil ulang", "recall", "jumlah panggilan"),
    "calling.priority_credit_minutes": ("prioritas", "lansia", "difabel", "elderly", "priority"),
    "calling.policy": ("urutan", "FIFO", "prioritas", "order"),
    "calling.ratio": ("perbandingan", "rasio", "ratio"),
    "calling.undo_minutes": ("batalkan", "undo", "urungkan"),
    "calling.away_minutes": ("istirahat", "toilet", "keluar sebentar", "step away"),
    "booking.slot_minutes": ("slot", "durasi", "length", "interval"),
    "booking.horizon_days": ("horizon", "H-", "jauh hari", "ahead", "advance"),
    "booking.utilisation": ("overbooking", "kapasitas", "capacity", "utilisasi"),
    "booking.party_max": ("rombongan", "keluarga", "group", "companions", "pendamping"),
    "booking.urgent_letter": ("mendesak", "darurat", "urgent"),
    "booking.per_service_max": ("kuota", "quota", "limit"),
    "booking.per_office_max": ("kuota", "quota", "limit"),
    "booking.no_shows_max": ("mangkir", "no-show", "tidak datang", "blokir", "block"),
    "booking.online_share": ("kuota online", "quota", "daring"),
    "booking.urgent_share": ("kuota mendesak", "quota", "darurat"),
    "booking.release_minutes": ("lepas", "release", "dibuka"),
    "waitlist.offer_minutes": ("daftar tunggu", "waiting list"),
    "door.check_in_early_minutes": ("lapor datang", "check-in", "datang awal", "early"),
    "door.kiosk_pace_seconds": ("anjungan", "kecepatan", "throttle", "rate limit"),
    "door.walk_in_ahead_minutes": ("datang langsung", "walk-in", "tanpa janji"),
    "door.walk_ins_beyond_places": ("datang langsung", "walk-in", "penuh"),
    "alerts.longest_wait_minutes": ("peringatan", "alarm", "tunggu lama"),
    "alerts.target_minutes": ("target", "SLA", "janji layanan", "standar"),
    "alerts.email": ("surel", "pos-el", "alarm", "peringatan"),
    "messages.reminder_hours": ("pengingat", "reminder"),
    "messages.phone_daily_max": ("SMS", "WhatsApp", "pulsa", "biaya", "budget", "kuota"),
    "privacy.personal_data_days": ("privasi", "retensi", "hapus", "retention", "GDPR", "PDP"),
}
