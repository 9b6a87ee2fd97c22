const entry = {
  likely: {
    found: '{{count}} orang yang mungkin sama sudah tercatat',
    all_decided: 'Semua yang mirip dinyatakan orang lain',
    why: 'Bandingkan dulu: satu orang cukup satu catatan.',
    must: 'Belum disimpan. Putuskan untuk setiap orang di bawah, lalu simpan lagi.',
    band: {
      certain: 'Hampir pasti sama',
      likely: 'Kemungkinan besar sama',
      possible: 'Mungkin sama',
    },
    share: 'kemiripan {{share}} %',
    same_nik: 'NIK sama',
    moved: 'sudah pindah',
    typed: 'Yang diketik',
    recorded: 'Sudah tercatat',
    field_name: 'Isian',
    not_known: 'tidak diketahui',
    agreement: { same: 'sama', similar: 'mirip', different: 'berbeda' },
    other: 'Orang lain',
    is_other: 'orang lain',
    again: 'Ubah',
    reason: 'Mengapa bukan {{name}}?',
    reason_hint: 'Misalnya ibunya berbeda, atau KK-nya lain. Tidak ditanyakan lagi.',
    confirm: 'Nyatakan orang lain',
  },
  likely_field: {
    name: 'Nama',
    nik: 'NIK',
    birth_date: 'Tanggal lahir',
    sex: 'Jenis kelamin',
    mother_name: 'Nama ibu',
    address: 'Alamat',
  },
};

export default entry;
