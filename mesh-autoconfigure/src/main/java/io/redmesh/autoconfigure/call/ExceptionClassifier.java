package io.redmesh.autoconfigure.call;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

import io.redmesh.core.call.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * The classification of an HTTP client's exceptions: what each says about its attempt.
 * The exception comes straight from the client, so it is about the attempt's own
 * connection, not about a further call.
 * <p>
 * The clients use the same few exceptions of the JDK, wrapped once or twice; the
 * outermost known one decides. In doubt the receiver may have done something: an unknown
 * I/O or protocol failure counts as a broken connection.
 */
final class ExceptionClassifier {

	/**
	 * The depth of the client's own wrapping; deeper causes may belong to other failures.
	 */
	private static final int MAX_DEPTH = 4;

	// By name, because these classes may not be on the classpath.
	private static final Map<String, Outcome> BY_NAME = Map.of(
			// A response that ends early does not parse.
			"org.apache.hc.core5.http.ParseException", Outcome.BROKEN, //
			"io.netty.handler.codec.PrematureChannelClosureException", Outcome.BROKEN,
			"reactor.netty.channel.AbortedException", Outcome.BROKEN, //
			"io.netty.handler.timeout.ReadTimeoutException", Outcome.TIMED_OUT,
			"io.netty.handler.timeout.WriteTimeoutException", Outcome.TIMED_OUT,
			// The client's own pool is exhausted; nothing was sent.
			"reactor.netty.internal.shaded.reactor.pool.PoolAcquireTimeoutException", Outcome.ABANDONED,
			"reactor.netty.internal.shaded.reactor.pool.PoolAcquirePendingLimitException", Outcome.ABANDONED);

	private ExceptionClassifier() {
	}

	static Outcome outcome(Throwable failure) {
		boolean ioFailure = false;
		Throwable cause = failure;
		for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
			Outcome known = known(cause);
			if (known != null) {
				return (known == Outcome.CONNECT_FAILED && Certificates.areToBlame(cause)) ? Outcome.CERTIFICATE_FAILED
						: known;
			}
			// Jetty's parser has assertions that fail if a response ends early.
			ioFailure |= cause instanceof IOException || cause instanceof AssertionError;
			cause = cause.getCause();
		}
		return ioFailure ? Outcome.BROKEN : Outcome.ABANDONED;
	}

	private static @Nullable Outcome known(Throwable failure) {
		if (isInterruption(failure)) {
			return Outcome.ABANDONED;
		}
		if (isConnectFailure(failure)) {
			return Outcome.CONNECT_FAILED;
		}
		Outcome byName = BY_NAME.get(failure.getClass().getName());
		if (byName != null) {
			return byName;
		}
		return (failure instanceof SocketTimeoutException || failure instanceof HttpTimeoutException
				|| failure instanceof TimeoutException) ? Outcome.TIMED_OUT : null;
	}

	private static boolean isInterruption(Throwable failure) {
		return failure instanceof InterruptedException || failure instanceof ClosedByInterruptException
				|| failure instanceof CancellationException
				|| (failure instanceof InterruptedIOException && !(failure instanceof SocketTimeoutException));
	}

	private static boolean isConnectFailure(Throwable failure) {
		return failure instanceof ConnectException || failure instanceof HttpConnectTimeoutException
				|| failure instanceof UnknownHostException || failure instanceof NoRouteToHostException
				|| failure instanceof UnresolvedAddressException || failure instanceof SSLHandshakeException
				|| failure instanceof SSLPeerUnverifiedException || isConnectTimeout(failure);
	}

	// The JDK's sockets, Apache's client and Jetty's use one type for both timeouts. All
	// of their messages begin with this word if the connect timeout was exceeded.
	private static boolean isConnectTimeout(Throwable failure) {
		String message = failure.getMessage();
		return failure instanceof SocketTimeoutException && message != null
				&& message.toLowerCase(Locale.ROOT).startsWith("connect");
	}

}
