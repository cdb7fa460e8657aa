package io.redmesh.autoconfigure.webclient;

import io.redmesh.autoconfigure.call.HttpCall;
import io.redmesh.autoconfigure.call.RuleResponse;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;

/**
 * The exchange that carries out the attempts of one request. The place of the mesh in a
 * client decides what a request and a response are.
 *
 * @param <R> the type of the responses
 */
interface Exchange<R> {

	/**
	 * Sends the request of the current attempt.
	 * @param call the call
	 * @return the response, which has begun
	 */
	Mono<R> send(HttpCall call);

	/**
	 * Makes a response of one that a traffic rule gives.
	 * @param response the response of the rule
	 * @return the response
	 */
	R ruled(RuleResponse response);

	HttpStatusCode status(R response);

	HttpHeaders headers(R response);

	/**
	 * Ends a response that is not handed out, without waiting long for its end.
	 * @param response the response
	 * @return completes when its connection is free or closed
	 */
	Mono<Void> discard(R response);

	/**
	 * Wraps a response, so that the call is released when the app has read it.
	 * @param response the response
	 * @param call the call
	 * @return the response for the app
	 */
	R handOut(R response, HttpCall call);

}
