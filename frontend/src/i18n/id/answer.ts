// The words of the page behind a one-time link, a pack of its own.
const answer = {
  answer: {
    title: 'Jawab rujukan bantuan',
    lead: 'Untuk lembaga yang menerima tautan atau surat rujukan. Tidak perlu akun.',
    secret: 'Kunci',
    open: 'Buka rujukan',
    busy: 'Memuat…',
    asked: 'Yang dirujuk kepada {{organization}}',
    program: 'Program',
    need: 'Kebutuhan',
    severity: 'Tingkat',
    severities: { low: 'Rendah', medium: 'Sedang', high: 'Tinggi', emergency: 'Darurat' },
    subject: 'Untuk',
    subjects: { household: 'Satu keluarga', individual: 'Satu orang' },
    place: 'Wilayah',
    place_of: 'Kelurahan {{village}}, Kecamatan {{district}}',
    amount: 'Nilai',
    due: 'Batas jawaban',
    hidden:
      'Identitas ditampilkan sesudah Anda menerima. Alamat dan telepon diberikan sesudah hari bantuan ditetapkan.',
    by: 'Nama dan jabatan Anda',
    note: 'Catatan (opsional)',
    reason: 'Alasan menolak',
    choose: 'Pilih',
    accept: 'Terima rujukan',
    decline: 'Tolak rujukan',
    really_decline: 'Kirim penolakan',
    cancel: 'Batal',
    required: 'Wajib diisi',
    accepted: 'Rujukan diterima',
    accepted_lead:
      'Simpan atau cetak halaman ini sekarang: nama tidak ditampilkan lagi sesudah halaman ditutup.',
    declined: 'Rujukan ditolak',
    declined_lead: 'Terima kasih. Petugas yang mengirim rujukan sudah diberi tahu.',
    number: 'Nomor rujukan',
    name: 'Nama',
    born: 'Tanggal lahir',
    print: 'Cetak',
    refused: {
      not_found: 'Kunci tidak dikenal',
      ended: 'Tautan ini tidak berlaku lagi',
      account: 'Jawab lewat akun lembaga Anda',
      throttled: 'Terlalu banyak percobaan',
      failed: 'Belum dapat dibuka',
    },
    refused_why: {
      not_found: 'Periksa kembali ketikannya.',
      ended:
        'Rujukan sudah dijawab, waktunya habis, atau ada tautan yang lebih baru. Minta tautan baru kepada pengirimnya.',
      account: 'Lembaga Anda sudah punya akun. Masuk, lalu jawab dari kotak masuk rujukan.',
      throttled: 'Coba lagi beberapa menit lagi.',
      failed: 'Layanan tidak terjangkau. Coba lagi sebentar.',
    },
    privacy:
      'Kunci tidak masuk ke alamat yang dikirim ke server, dan hanya dapat dipakai satu kali untuk menjawab.',
  },
} as const;

export default answer;
