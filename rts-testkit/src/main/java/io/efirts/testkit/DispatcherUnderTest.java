// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit;

import io.efirts.api.NonBlockingRuntimeServices;
import io.efirts.api.RuntimeServices;
import io.efirts.api.RuntimeServicesAbi;
import java.time.Duration;

/** A dispatcher as {@link DispatcherContract} sees it. */
public interface DispatcherUnderTest extends AutoCloseable {
  /**
   * The typed services, without a deadline.
   *
   * @return services for any thread
   */
  RuntimeServices typed();

  /**
   * The services by words, without a deadline.
   *
   * @return services for any thread
   */
  RuntimeServicesAbi abi();

  /**
   * The services that wait for nobody.
   *
   * @return services for any platform thread
   */
  NonBlockingRuntimeServices nonBlocking();

  /**
   * Closes the dispatcher.
   *
   * @param wait how long calls under way may take to end
   */
  void close(Duration wait);

  /** Closes the dispatcher, giving calls under way one second to end. */
  @Override
  default void close() {
    close(Duration.ofSeconds(1));
  }
}
