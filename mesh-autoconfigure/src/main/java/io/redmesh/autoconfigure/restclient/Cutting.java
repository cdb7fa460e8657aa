package io.redmesh.autoconfigure.restclient;

import java.io.IOException;
import java.io.InputStream;

import org.apache.hc.core5.http.io.EofSensorInputStream;

/**
 * The way in which an HTTP client ends a response before it is complete, where it has not
 * set how to cancel the attempt.
 */
enum Cutting {

	/** Close the body: that closes the connection, from any thread and at once. */
	CLOSE {
		@Override
		void arrange(TimeLimit limit, InputStream body) {
			limit.cancelBy(() -> {
				try {
					body.close();
				}
				catch (IOException ex) {
					// It is closed all the same.
				}
			});
		}
	},

	/**
	 * Abort the connection: closing the body of an Apache client would first read it all.
	 */
	ABORT {
		@Override
		void arrange(TimeLimit limit, InputStream body) {
			if (body instanceof EofSensorInputStream sensor) {
				limit.cancelBy(() -> {
					try {
						sensor.abort();
					}
					catch (IOException ex) {
						// It is closed all the same.
					}
				});
			}
		}
	},

	/** Interrupt the thread: nothing is known but that reading may be interrupted. */
	INTERRUPT {
		@Override
		void arrange(TimeLimit limit, InputStream body) {
			// A limit interrupts by itself.
		}
	};

	/**
	 * Arranges how a response ends when a limit is exceeded.
	 * @param limit the limit of the current thread
	 * @param body the body of the response
	 */
	abstract void arrange(TimeLimit limit, InputStream body);

}
