package io.redmesh.autoconfigure.inbound;

/** Tests of servlets that call with a WebClient. */
class ReactiveServletRelayTests extends RelayedFailureContract {

	@Override
	String type() {
		return "servlet";
	}

	@Override
	String style() {
		return "/reactive";
	}

}
