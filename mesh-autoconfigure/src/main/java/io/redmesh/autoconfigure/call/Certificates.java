package io.redmesh.autoconfigure.call;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

import org.jspecify.annotations.Nullable;

/** Failures of TLS handshakes that are due to a certificate. */
final class Certificates {

	private static final int MAX_DEPTH = 8;

	/**
	 * The TLS alerts by which the peer refuses our certificate (RFC 8446, section 6.2).
	 */
	private static final Set<String> ALERTS = Set.of("bad_certificate", "unsupported_certificate",
			"certificate_revoked", "certificate_expired", "certificate_unknown", "unknown_ca", "certificate_required",
			"no_certificate");

	private Certificates() {
	}

	/**
	 * Tells whether a certificate is the reason of a failure: that of the receiver is not
	 * trusted, has expired or is that of another host, or the receiver refuses that of
	 * the caller.
	 * @param failure the exception that a client has thrown
	 * @return false also for a handshake that failed for another reason, such as a
	 * connection that was closed
	 */
	static boolean areToBlame(Throwable failure) {
		if (failure instanceof SSLPeerUnverifiedException) {
			return true;
		}
		if (!(failure instanceof SSLHandshakeException)) {
			return false;
		}
		Throwable cause = failure;
		for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
			if (cause instanceof CertificateException || cause instanceof CertPathValidatorException
					|| cause instanceof CertPathBuilderException || isAlert(cause.getMessage())) {
				return true;
			}
			cause = cause.getCause();
		}
		return false;
	}

	private static boolean isAlert(@Nullable String message) {
		if (message == null) {
			return false;
		}
		String lower = message.toLowerCase(Locale.ROOT);
		return lower.contains("alert") && ALERTS.stream().anyMatch(lower::contains);
	}

}
