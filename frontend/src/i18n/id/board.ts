const board = {
  board: {
    board: 'Papan',
    table: 'Tabel',
    inbox: 'Kotak masuk',
    inbox_lead: 'Rujukan kepada lembaga Anda, yang paling dekat tenggatnya lebih dulu.',
    inbox_keys:
      'Papan ketik: j dan k berpindah, A terima, R kembalikan, D tolak, S jadwalkan, M mulai, C selesaikan, 1–5 berganti kotak.',
    keys: 'Tombol panah berpindah dari kartu ke kartu.',
    to_all: 'Semua rujukan',
    boxes: 'Kotak',
    box: {
      sent: 'Perlu jawaban',
      accepted: 'Diterima',
      scheduled: 'Terjadwal',
      in_service: 'Sedang dilayani',
      returned: 'Menunggu pengirim',
    },
    empty: {
      sent: 'Tidak ada yang menunggu jawaban Anda',
      accepted: 'Tidak ada yang perlu dijadwalkan',
      scheduled: 'Tidak ada yang terjadwal',
      in_service: 'Tidak ada yang sedang dilayani',
      returned: 'Tidak ada yang menunggu pengirim',
    },
    empty_why: 'Rujukan baru muncul di sini begitu dikirim.',
    none: 'Kosong',
    all_of: 'Semua: {{status}}',
    due: 'Tenggat',
    only_late: 'Lewat batas',
    whose: 'Milik',
    mine: 'Saya atau lembaga saya',
    unnamed: 'Nama belum dibuka',
    unnamed_why: 'Identitas terlihat setelah rujukan diterima.',
    chosen: 'Rujukan yang dipilih',
    severity: 'Kegawatan',
    region: 'Kelurahan',
    sent_at: 'Dikirim',
    open: 'Buka selengkapnya',
  },
} as const;

export default board;
