const overlaps = {
  overlaps: {
    lead: 'Bantuan yang tetap dikirim meskipun bantuan sejenis sudah dipegang. Orang lain memeriksa setiap pengecualian.',
    none: 'Tidak ada pengecualian',
    none_why: 'Pengecualian muncul di sini begitu rujukan dikirim dengan alasan.',
    when: 'Dikirim',
    finding: 'Hasil pemeriksaan',
    review: 'Periksa',
    reviewed: 'Sudah diperiksa',
    waits: 'Menunggu pemeriksaan',
    review_done: 'Pemeriksaan tercatat.',
    nothing: 'Tidak ada bantuan sejenis pada masa ini.',
    held: 'Bantuan sejenis sudah dipegang',
    held_why:
      'Rujukan ini akan ditolak saat dikirim, kecuali oleh yang bertugas memberi pengecualian dengan alasan.',
    reported: 'Pihak lain melaporkan bantuan sejenis',
    reported_why: 'Bukan penolakan. Pastikan dahulu apakah bantuan itu masih diterima.',
    hidden: 'Program di luar kewenangan Anda',
    benefits: 'Bantuan yang dilaporkan pihak lain',
    no_benefits: 'Belum ada laporan',
    no_benefits_why: 'Bantuan dari pihak lain muncul di sini setelah dicatat atau diimpor.',
    member: 'Seorang anggota keluarga',
    time: 'Masa',
    source: 'Dilaporkan oleh',
    step: 'Periksa bantuan ganda',
    step_lead: 'Rujukan belum dikirim.',
    anyway: 'Tetap kirim',
    stop: 'Jangan kirim',
    exception: 'Alasan pengecualian',
    exception_why: 'Orang lain memeriksa pengecualian ini.',
    no_duty: 'Hanya yang bertugas memberi pengecualian dapat mengirimnya.',
  },
  override_finding: {
    justified: 'Beralasan',
    not_justified: 'Tidak beralasan',
  },
};

export default overlaps;
