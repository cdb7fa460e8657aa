package io.redmesh.autoconfigure.inbound;

/** WebFlux, which calls with a WebClient. */
class ReactiveRelayTests extends RelayedFailureContract {

	@Override
	String type() {
		return "reactive";
	}

	@Override
	String style() {
		return "/reactive";
	}

}
