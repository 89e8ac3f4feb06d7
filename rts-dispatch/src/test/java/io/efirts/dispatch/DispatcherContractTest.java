// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import io.efirts.api.NonBlockingRuntimeServices;
import io.efirts.api.RuntimeServices;
import io.efirts.api.RuntimeServicesAbi;
import io.efirts.api.spi.Firmware;
import io.efirts.testkit.DispatcherContract;
import io.efirts.testkit.DispatcherUnderTest;
import java.time.Duration;

/** The dispatcher keeps what callers may rely on. */
class DispatcherContractTest extends DispatcherContract {
  @Override
  public DispatcherUnderTest open(Firmware firmware) {
    Dispatcher dispatcher =
        Dispatcher.builder()
            .firmware(firmware)
            .calls(8)
            .bufferBytes(2048)
            .storageReserve(0)
            .start();
    return new DispatcherUnderTest() {
      @Override
      public RuntimeServices typed() {
        return dispatcher.runtimeServices();
      }

      @Override
      public RuntimeServicesAbi abi() {
        return dispatcher.abi();
      }

      @Override
      public NonBlockingRuntimeServices nonBlocking() {
        return dispatcher.nonBlocking();
      }

      @Override
      public void close(Duration wait) {
        dispatcher.close(wait);
      }
    };
  }
}
