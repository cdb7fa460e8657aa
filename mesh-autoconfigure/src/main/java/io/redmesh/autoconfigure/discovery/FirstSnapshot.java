package io.redmesh.autoconfigure.discovery;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.redmesh.autoconfigure.registry.RegistryContact;
import io.redmesh.core.call.NoEndpointException;
import io.redmesh.core.registry.Catalog;
import io.redmesh.core.time.Timer;
import org.jspecify.annotations.Nullable;

/**
 * The wait for the first list of services. A call that is planned before it, such as one
 * in a {@code @PostConstruct} method, opens the watch and waits for the list. So a
 * service is not taken for an unknown host. After the first list, or after the timeout,
 * there is no more wait, whatever happens to the registry.
 * <p>
 * Safe for use by many threads. Waiting takes no lock, and ending it needs no bean.
 */
public final class FirstSnapshot {

	/** The instance that never waits. */
	public static final FirstSnapshot NONE = new FirstSnapshot(null, new Catalog(), null, null, Duration.ZERO);

	private final @Nullable WatchLoop watch;

	private final Catalog catalog;

	private final @Nullable RegistryContact contact;

	private final @Nullable Timer timer;

	private final Duration patience;

	/** Completes with the first list, or after the timeout. */
	private final CompletableFuture<Void> list = new CompletableFuture<>();

	/**
	 * Completes with the first list, once all servers have failed, or after the timeout.
	 */
	private final CompletableFuture<Void> firstResponse = new CompletableFuture<>();

	private boolean begun;

	/**
	 * Creates the wait, which begins with the first call that needs it.
	 * @param watch the watch that brings the list; null if this app follows no registry
	 * @param catalog the services that are known already
	 * @param contact the reason why no list has arrived
	 * @param timer ends the wait
	 * @param patience the maximum duration of the wait
	 */
	FirstSnapshot(@Nullable WatchLoop watch, Catalog catalog, @Nullable RegistryContact contact, @Nullable Timer timer,
			Duration patience) {
		this.watch = watch;
		this.catalog = catalog;
		this.contact = contact;
		this.timer = timer;
		this.patience = patience;
		if (watch == null) {
			end();
		}
	}

	private void end() {
		this.list.complete(null);
		this.firstResponse.complete(null);
	}

	/**
	 * Returns what a call has to wait for before it is planned.
	 * @param uri the URI of the call
	 * @return null if there is nothing to wait for, as nearly always. Otherwise a future
	 * that completes, never with a failure, on a thread that must not be blocked
	 */
	public @Nullable CompletableFuture<Void> before(URI uri) {
		return (!this.list.isDone() && couldBeService(uri)) ? before(uri.getHost()) : null;
	}

	/**
	 * Returns what a lookup of a service has to wait for.
	 * @param service the name of the service, or an empty one for all of them
	 * @return as {@link #before(URI)}
	 */
	public @Nullable CompletableFuture<Void> before(String service) {
		String name = service.toLowerCase(Locale.ROOT);
		if (this.list.isDone() || this.catalog.isFixed(name)) {
			return null;
		}
		begin();
		// If an earlier run knew the service, the wait ends once all servers have failed.
		boolean known = this.catalog.service(name) != null;
		CompletableFuture<Void> awaited = known ? this.firstResponse : this.list;
		return awaited.isDone() ? null : awaited;
	}

	private synchronized void begin() {
		if (this.begun || this.watch == null || this.timer == null) {
			return;
		}
		this.begun = true;
		this.watch.firstSnapshot().thenRun(this::end);
		this.watch.open().thenRun(() -> this.firstResponse.complete(null));
		this.timer.schedule(this.patience, this::end);
	}

	/**
	 * Blocks until a call can be planned.
	 * @param uri the URI of the call
	 * @throws InterruptedIOException if the thread was interrupted; its interrupt flag is
	 * set again
	 */
	public void await(URI uri) throws InterruptedIOException {
		CompletableFuture<Void> awaited = before(uri);
		if (awaited != null) {
			await(awaited);
		}
	}

	/**
	 * Blocks until a service can be looked up.
	 * @param service the name of the service, or an empty one for all of them
	 * @throws InterruptedIOException if the thread was interrupted; its interrupt flag is
	 * set again
	 */
	public void await(String service) throws InterruptedIOException {
		CompletableFuture<Void> awaited = before(service);
		if (awaited != null) {
			await(awaited);
		}
	}

	private void await(CompletableFuture<Void> awaited) throws InterruptedIOException {
		try {
			// The timer alone does not suffice: it may have been closed.
			awaited.get(this.patience.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException ex) {
			end();
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new InterruptedIOException("Interrupted while waiting for the first list of services");
		}
	}

	/**
	 * Returns the failure of a call to an unknown host that could be a service. It gives
	 * the reason if no list of services is known, or the service has no instance left.
	 * @param uri the URI that was called as a host that is no service
	 * @param failure the failure of the call
	 * @return the exception to throw: a {@link NoEndpointException} with this cause, or
	 * the failure itself if it has another reason
	 */
	public IOException explain(URI uri, IOException failure) {
		String host = uri.getHost();
		if (host == null || !couldBeService(uri) || !isUnknownHost(failure)) {
			return failure;
		}
		String service = host.toLowerCase(Locale.ROOT);
		if (this.contact != null && this.catalog.cursor() == null) {
			return new NoEndpointException(service, "Unknown host '%s': %s".formatted(host, reason(this.contact, host)),
					failure);
		}
		return (this.catalog.service(service) != null)
				? new NoEndpointException(service,
						"No instance of '%s' is known any more, and no host of that name".formatted(service), failure)
				: failure;
	}

	/**
	 * Returns the reason why a service is unknown.
	 * @param service the name of the service
	 * @return the reason, for people to read
	 */
	public String explain(String service) {
		return (this.contact != null && this.catalog.cursor() == null)
				? "Unknown service '%s': %s".formatted(service, reason(this.contact, service))
				: "'%s' is no service of the mesh".formatted(service);
	}

	private String reason(RegistryContact contact, String service) {
		if (this.watch == null) {
			return "this app follows no registry (mesh.discovery.enabled=false, which is the default in tests). "
					+ "To add the service by hand, set mesh.discovery.instances.%s=http://localhost:8099"
						.formatted(service);
		}
		String failure = contact.state().failure();
		return "no list of services has come from the registry %s yet%s".formatted(contact.urls(),
				(failure != null) ? " (" + failure + ")" : "");
	}

	/**
	 * Returns whether a host could be a service: it is no address and no domain, and has
	 * no port.
	 */
	private static boolean couldBeService(URI uri) {
		String host = uri.getHost();
		return host != null && uri.getPort() < 0 && host.indexOf('.') < 0 && host.indexOf(':') < 0
				&& !"localhost".equalsIgnoreCase(host);
	}

	private static boolean isUnknownHost(IOException failure) {
		Throwable cause = failure;
		for (int depth = 0; cause != null && depth < 4; depth++) {
			if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
				return true;
			}
			cause = cause.getCause();
		}
		return false;
	}

}
