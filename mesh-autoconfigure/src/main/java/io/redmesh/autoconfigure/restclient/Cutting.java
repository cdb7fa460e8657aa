package io.redmesh.autoconfigure.restclient;

import java.io.IOException;
import java.io.InputStream;

import org.apache.hc.core5.http.io.EofSensorInputStream;

/**
 * The way in which an HTTP client ends an answer before it is complete, where it has not
 * said how to cancel the attempt.
 */
enum Cutting {

	/** Closing the body closes the connection, from any thread and at once. */
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

	/** Closing the body of an Apache client would read it to its end first. */
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

	/** Nothing is known but that reading may be interrupted. */
	INTERRUPT {
		@Override
		void arrange(TimeLimit limit, InputStream body) {
			// A limit interrupts by itself.
		}
	};

	/**
	 * Arranges how an answer ends when a limit is exceeded.
	 * @param limit the limit of the current thread
	 * @param body the body of the answer
	 */
	abstract void arrange(TimeLimit limit, InputStream body);

}
