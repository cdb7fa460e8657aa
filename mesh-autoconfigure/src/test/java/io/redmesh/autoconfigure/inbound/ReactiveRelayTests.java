package io.redmesh.autoconfigure.inbound;

/** Tests of WebFlux apps that call with a WebClient. */
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
