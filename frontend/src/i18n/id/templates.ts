const templates = {
  templates: {
    lead: 'Naskah surat tiap layanan. Naskah tidak pernah diubah: perubahan menjadi versi baru, dan surat yang sudah terbit tetap memakai versinya.',
    service: 'Layanan',
    edition: 'Versi',
    heading: 'Judul surat',
    body: 'Naskah',
    body_hint:
      'Satu baris satu paragraf. Baris “Label : isi” dicetak dalam dua kolom. Isian ditulis di antara kurung kurawal ganda.',
    author: 'Ditulis oleh',
    shipped: 'Bawaan aplikasi',
    activated: 'Berlaku sejak',
    of: '{{service}}, versi {{edition}}',
    none: 'Belum ada naskah',
    none_why: 'Tulis naskah pertama untuk sebuah layanan.',
    write: 'Tulis naskah baru',
    write_lead: 'Disimpan sebagai draf. Naskah berlaku setelah orang lain memberlakukannya.',
    next_of: '{{service}}: versi baru',
    go_on: 'Tulis versi baru dari ini',
    save: 'Simpan draf',
    saved: 'Draf naskah disimpan.',
    preview: 'Contoh PDF',
    preview_done: 'Contoh surat dengan data rekaan diunduh.',
    activate: 'Berlakukan',
    activate_lead:
      'Mulai sekarang surat layanan ini dibuat dari versi ini. Surat yang sudah terbit tidak berubah.',
    activated_done: 'Naskah berlaku.',
    own: 'Draf Anda sendiri: orang lain yang memberlakukannya.',
    placeholders: 'Isian',
    placeholders_lead:
      'Tekan untuk menaruhnya di tempat kursor. Setelah nama isian, |upper mencetak huruf besar dan |short tanggal dengan angka.',
    faults: 'Naskah belum dapat dibaca: {{n}} kesalahan',
    fault_at: 'Baris {{line}}, huruf ke-{{column}}:',
    faulty: 'Ada isian yang keliru; lihat daftar di atas.',
  },
  template_fault: {
    unknown_placeholder: 'isian ini tidak dikenal.',
    wrong_format: 'bentuk isian ini tidak cocok dengan jenisnya.',
    unclosed_placeholder: 'kurung kurawal belum ditutup.',
    unopened_placeholder: 'kurung kurawal ditutup tanpa dibuka.',
  },
  template_status: {
    draft: 'Draf',
    in_force: 'Berlaku',
    retired: 'Tidak berlaku lagi',
  },
};

export default templates;
