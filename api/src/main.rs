//! Entry point: parse, run, and one line on failure.

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    match satupintu::cli::run() {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("satupintu: {}", failure.message);
            std::process::ExitCode::from(failure.code)
        }
    }
}
