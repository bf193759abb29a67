//! The server: routes, health, and an end without breaking anybody off.
//!
//! Deliberately absent: what the pages say.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use tokio::net::TcpListener;

use crate::House;
use crate::guard::guard;
use crate::pages::{act, assets, desk, door, error, language, mine, person, ward};

/// No form of these pages is longer.
const BODY_MAX: usize = 64 << 10;

/// Every route.
pub fn router(house: Arc<House>) -> Router {
    Router::new()
        .route("/", get(ward::home))
        .route("/sign-in", get(door::ask).post(door::knock))
        .route("/code", get(door::ask_code).post(door::enter))
        .route("/sign-out", post(door::leave))
        .route("/password", get(door::ask_password).post(door::choose))
        .route("/language", post(language::choose))
        .route("/ward", get(ward::show))
        .route("/desk", get(desk::show))
        .route("/admit", get(act::ask_new).post(act::look_new))
        .route("/person/{file}", get(person::show))
        .route("/person/{file}/card", post(mine::issue))
        .route("/card", get(mine::ask).post(mine::open))
        .route("/mine", get(mine::show).post(mine::act))
        .route("/mine/close", post(mine::close))
        .route("/person/{file}/act", get(act::choose))
        .route("/person/{file}/act/{fact}", get(act::ask).post(act::look))
        .route("/person/{file}/strike/{n}", get(act::ask_strike).post(act::strike))
        .route("/person/{file}/sign", post(act::sign))
        .route("/assets/{name}", get(assets::get))
        .route("/favicon.ico", get(|| async { axum::http::StatusCode::NO_CONTENT }))
        .route("/healthz", get(|| async { "ok\n" }))
        .fallback(error::nothing)
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(from_fn_with_state(Arc::clone(&house), guard))
        .with_state(house)
}

/// Serves until told to stop, then lets what is under way end.
///
/// # Errors
/// The listener failed.
pub async fn serve(listener: TcpListener, house: Arc<House>, stop: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()> {
    let service = router(house).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(stop).await
}

/// Serves on this thread and others until Ctrl-C or a request to end.
///
/// # Errors
/// The machine gave no threads, or the listener failed.
pub fn run(house: Arc<House>, listener: std::net::TcpListener) -> std::io::Result<()> {
    listener.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::from_std(listener)?;
        let sweeper = tokio::spawn(sweep(Arc::clone(&house)));
        let served = serve(listener, house, told()).await;
        sweeper.abort();
        served
    })
}

/// Ends old sessions, once in a while.
async fn sweep(house: Arc<House>) {
    let mut every = tokio::time::interval(std::time::Duration::from_secs(600));
    loop {
        every.tick().await;
        let house = Arc::clone(&house);
        // One that could not be ended now is refused by its age all the same, and ended the next time.
        let _ = tokio::task::spawn_blocking(move || house.office.end_old_sessions()).await;
    }
}

/// Waits for a word to stop.
async fn told() {
    let terminal = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let end = async {
            match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
                Ok(mut signal) => signal.recv().await,
                Err(_) => std::future::pending().await,
            }
        };
        tokio::select! { _ = terminal => {}, _ = end => {} }
    }
    #[cfg(not(unix))]
    let _ = terminal.await;
}
