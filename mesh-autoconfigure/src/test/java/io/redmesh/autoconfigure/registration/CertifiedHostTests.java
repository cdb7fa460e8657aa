package io.redmesh.autoconfigure.registration;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class CertifiedHostTests {

	/** An address of the documentation range, to which no name resolves. */
	private static final String ADDRESS = "203.0.113.7";

	@ParameterizedTest
	@CsvSource({ "a.example, a.example, true", "a.example, A.EXAMPLE, true", "*.example, a.example, true",
			"*.example, b.a.example, false", "*.example, example, false", "a.example, b.example, false" })
	void coversNamesAsCallersMatchThem(String certified, String host, boolean covered) {
		boolean found = new CertificateNames(List.of(certified), List.of()).covers(host);
		assertThat(found).isEqualTo(covered);
	}

	@ParameterizedTest
	@CsvSource({ "203.0.113.7, 203.0.113.7, true", "2001:db8:0:0:0:0:0:7, 2001:db8::7, true",
			"203.0.113.7, 203.0.113.8, false", "203.0.113.7, 203.0.113.70, false" })
	void coversAddressesByValue(String certified, String host, boolean covered) {
		assertThat(new CertificateNames(List.of(), List.of(certified)).covers(host)).isEqualTo(covered);
	}

	@Test
	void addressInTheCertificateNeedsNoName() {
		assertThat(CertifiedHost.find(new CertificateNames(List.of("localhost"), List.of(ADDRESS)), ADDRESS))
			.isEqualTo(ADDRESS);
	}

	@Test
	void nameThatLeadsElsewhereIsNotTaken() {
		assertThat(CertifiedHost.find(names("a.invalid"), ADDRESS)).isNull();
		// The name of a load balancer in front of all instances would be such a name.
		assertThat(CertifiedHost.find(names("localhost"), ADDRESS)).isNull();
		assertThat(CertifiedHost.find(names("*.invalid", "under_score"), ADDRESS)).isNull();
	}

	@Test
	void nameOfThisMachineIsTakenWhateverItsOwnHostsFileSays() throws UnknownHostException {
		String machine = InetAddress.getLocalHost().getHostName();
		assertThat(CertifiedHost.find(names("a.invalid", machine), "127.0.0.1")).isEqualTo(machine);
		if (InetAddress.getByName(machine).isLoopbackAddress() && !machine.equals("localhost")) {
			assertThat(CertifiedHost.find(names(machine), ADDRESS)).isEqualTo(machine);
		}
	}

	private static CertificateNames names(String... dns) {
		return new CertificateNames(List.of(dns), List.of());
	}

}
