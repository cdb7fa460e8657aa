package io.redmesh.autoconfigure.registration;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * A random word for the id of an instance without a port. It belongs to the process: the
 * class is in a jar, which a restart by the developer tools does not load again. So such
 * a restart keeps the identity of the instance.
 */
final class ProcessName {

	private static final String WORD = HexFormat.of().toHexDigits(new SecureRandom().nextInt());

	private ProcessName() {
	}

	static String word() {
		return WORD;
	}

}
