//! The command line; wiring only.
#![allow(clippy::print_stdout)] // what was asked for goes to standard output, logs to standard error

use std::process::ExitCode;
use std::time::Duration;

use api::{Clock, Config, StartError};
use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

/// It gives back what is free within seconds, also between blocks in use; glibc's keeps that for good, which after a
/// thousand requests of up to 9 MB was 105 MB. SQLite keeps to the system's: through this one the service hangs where its
/// clock is faked.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// CSV files -> one checked database -> answers with their proof.
#[derive(Parser)]
#[command(name = "data-query-agent", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the page and the API (the default)
    Serve,
    /// Bring the metadata database up to date, then end
    Migrate,
    /// Print the OpenAPI document
    Openapi,
    /// Signing keys of access tokens
    Keys {
        #[command(subcommand)]
        command: KeysCommand,
    },
    /// Who is signed in
    Sessions {
        #[command(subcommand)]
        command: SessionsCommand,
    },
    /// Carry out statements for the service that started this; not for people
    #[command(hide = true)]
    SqlWorker,
}

#[derive(Subcommand)]
enum KeysCommand {
    /// Make a new key; the old one is accepted until `KEY_OVERLAP_HOURS` have passed
    Rotate,
}

#[derive(Subcommand)]
enum SessionsCommand {
    /// A line for each session: user, address, last use, client
    List(OneOrAll),
    /// Sign somebody, or everybody, out at once
    End(OneOrAll),
}

#[derive(clap::Args)]
#[group(required = true, multiple = false)]
struct OneOrAll {
    /// A user's id or e-mail address
    #[arg(long)]
    user: Option<String>,
    #[arg(long)]
    all: bool,
}

impl OneOrAll {
    /// `None` for everybody.
    fn user(&self) -> Option<&str> {
        self.user.as_deref().filter(|_| !self.all)
    }
}

/// Threads for queries, files and imports. The default of 512 lets a thousand questions at once take a stack each.
const BLOCKING_THREADS: usize = 64;
/// Seconds that an idle one of them is kept.
const BLOCKING_KEEP_ALIVE_S: u64 = 2;
/// How long work that was told to stop may take until the process ends all the same: files that it leaves unfinished are
/// removed at the next start. With `SHUTDOWN_TIMEOUT_MS` at its default the whole end stays below 10 s.
const LAST_WORK: Duration = Duration::from_millis(1_500);

fn main() -> ExitCode {
    let command = Cli::parse().command.unwrap_or(Command::Serve);
    if let Command::SqlWorker = command {
        // It must stay small: no runtime, no settings, no log.
        return match store::dataset::serve_statements() {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        };
    }
    let ended = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .max_blocking_threads(BLOCKING_THREADS)
        .thread_keep_alive(Duration::from_secs(BLOCKING_KEEP_ALIVE_S))
        .build()
        .map_err(StartError::from)
        .and_then(|runtime| {
            let ended = runtime.block_on(run(command));
            runtime.shutdown_timeout(LAST_WORK);
            ended
        });
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("data-query-agent: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Result<(), StartError> {
    if let Command::Openapi = command {
        let (_, document) = api::routes();
        println!("{}", document.to_pretty_json()?);
        return Ok(());
    }
    match dotenvy::dotenv() {
        Ok(_) => {}
        Err(error) if error.not_found() => {}
        Err(error) => return Err(format!(".env: {error}").into()),
    }
    let config = Config::read(&|name| std::env::var(name).ok())?;
    log_to_stderr(config.debug);
    match command {
        Command::Serve => serve(config).await,
        Command::Migrate => {
            api::migrate(&config).await?;
            println!("The metadata database is up to date.");
            Ok(())
        }
        Command::Keys {
            command: KeysCommand::Rotate,
        } => {
            println!(
                "New signing key {}. Running servers take it up by themselves.",
                api::rotate_keys(&config, &Clock::system())?
            );
            Ok(())
        }
        Command::Sessions { command } => sessions(&config, command).await,
        Command::Openapi | Command::SqlWorker => Ok(()),
    }
}

async fn sessions(config: &Config, command: SessionsCommand) -> Result<(), StartError> {
    let clock = Clock::system();
    match command {
        SessionsCommand::List(of) => {
            for line in api::list_sessions(config, &clock, of.user()).await? {
                println!("{line}");
            }
        }
        SessionsCommand::End(of) => {
            let ended = api::end_sessions(config, &clock, of.user()).await?;
            println!("{ended} session(s) ended.");
        }
    }
    Ok(())
}

async fn serve(config: Config) -> Result<(), StartError> {
    let metrics = api::install_metrics()?;
    let limits = config.limits;
    let name = config.app_name.clone();
    let page = config.frontend_url.clone();
    let listener = tokio::net::TcpListener::bind(config.address)
        .await
        .map_err(|error| {
            format!(
                "cannot listen on {}: {error}. Is it running already? PORT chooses another port.",
                config.address
            )
        })?;
    let service = api::open_service(config, Clock::system(), metrics).await?;
    service.shutdown.on_signals()?;
    println!("{name} is ready: {page}");
    api::serve(listener, service.app, limits, service.shutdown).await?;
    Ok(())
}

fn log_to_stderr(debug: bool) {
    let default = if debug {
        "info,api=debug,agent=debug,store=debug,auth=debug"
    } else {
        "info"
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    if debug {
        log.init();
    } else {
        log.json().flatten_event(true).with_span_list(false).init();
    }
}
