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
 * in a {@code @PostConstruct} method, begins the watch and waits for the list, so that a
 * service is not taken for an unknown host. After the first list, or after the patience
 * for it, there is nothing to wait for any more, whatever becomes of the registry.
 * <p>
 * Safe for use by many threads. Waiting takes no lock, and what ends it needs no bean.
 */
public final class FirstSnapshot {

	/** No wait at all. */
	public static final FirstSnapshot NONE = new FirstSnapshot(null, new Catalog(), null, null, Duration.ZERO);

	private final @Nullable WatchLoop watch;

	private final Catalog catalog;

	private final @Nullable RegistryContact contact;

	private final @Nullable Timer timer;

	private final Duration patience;

	/** Ends with the first list. */
	private final CompletableFuture<Void> list = new CompletableFuture<>();

	/** Ends with the first answer of the registry, or its first failure. */
	private final CompletableFuture<Void> answer = new CompletableFuture<>();

	private boolean begun;

	/**
	 * Creates the wait, which begins with the first need.
	 * @param watch what brings the list; null if this app follows no registry
	 * @param catalog what is known already
	 * @param contact why no list has come
	 * @param timer ends the wait
	 * @param patience how long it lasts at most
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
		this.answer.complete(null);
	}

	/**
	 * Returns what a call has to wait for before it is planned.
	 * @param uri what is called
	 * @return null if there is nothing to wait for, as nearly always; otherwise it
	 * completes, never with a failure, on a thread that must not be held up
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
		// A registry that refuses is not waited for if an earlier run knew the service.
		boolean known = this.catalog.service(name) != null;
		CompletableFuture<Void> awaited = known ? this.answer : this.list;
		return awaited.isDone() ? null : awaited;
	}

	private synchronized void begin() {
		if (this.begun || this.watch == null || this.timer == null) {
			return;
		}
		this.begun = true;
		this.watch.firstSnapshot().thenRun(this::end);
		this.watch.open().thenRun(() -> this.answer.complete(null));
		this.timer.schedule(this.patience, this::end);
	}

	/**
	 * Blocks until a call can be planned.
	 * @param uri what is called
	 * @throws InterruptedIOException if the thread was interrupted; it is again
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
	 * @throws InterruptedIOException if the thread was interrupted; it is again
	 */
	public void await(String service) throws InterruptedIOException {
		CompletableFuture<Void> awaited = before(service);
		if (awaited != null) {
			await(awaited);
		}
	}

	private void await(CompletableFuture<Void> awaited) throws InterruptedIOException {
		try {
			// The timer alone would not do: it may have been closed.
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
	 * Says why a host is unknown that could be a service, if no list of services is known
	 * or the service has gone.
	 * @param uri what was called as a host that is no service
	 * @param failure how that failed
	 * @return what to throw: a {@link NoEndpointException} with this cause, or the
	 * failure itself where it has another reason
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
	 * Says why a service is unknown, if no list of services is known.
	 * @param service the name of the service
	 * @return the reason for people to read
	 */
	public String explain(String service) {
		return (this.contact != null && this.catalog.cursor() == null)
				? "Unknown service '%s': %s".formatted(service, reason(this.contact, service))
				: "'%s' is no service of the mesh".formatted(service);
	}

	private String reason(RegistryContact contact, String service) {
		if (this.watch == null) {
			return "this app follows no registry (mesh.discovery.enabled=false, which is the default in tests). "
					+ "A service by hand is mesh.discovery.instances.%s=http://localhost:8099".formatted(service);
		}
		String failure = contact.state().failure();
		return "no list of services has come from the registry %s yet%s".formatted(contact.urls(),
				(failure != null) ? " (" + failure + ")" : "");
	}

	/** Neither an address, nor a domain, nor a port of its own. */
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
