// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static io.efirts.dispatch.GuestPage.DATA_ADDRESS;
import static io.efirts.dispatch.GuestPage.GUID;
import static io.efirts.dispatch.GuestPage.GUID_ADDRESS;
import static io.efirts.dispatch.GuestPage.NAME;
import static io.efirts.dispatch.GuestPage.NAME_ADDRESS;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.PendingCall;
import io.efirts.api.spec.RuntimeService;
import io.efirts.dispatch.emergency.Emergency;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/**
 * Every way on which a variable can be written, for dispatchers without threads over a {@link
 * GuestPage}.
 */
public enum WritePath {
  QUEUED {
    @Override
    public CallResult set(Dispatcher dispatcher, int attributes, int size) {
      return dispatcher.runtimeServices().setVariable(NAME, GUID, attributes, size, data(size));
    }
  },
  WITH_DEADLINE {
    @Override
    public CallResult set(Dispatcher dispatcher, int attributes, int size) {
      return dispatcher
          .runtimeServices(Duration.ofDays(1))
          .setVariable(NAME, GUID, attributes, size, data(size));
    }
  },
  WORDS {
    @Override
    public CallResult set(Dispatcher dispatcher, int attributes, int size) {
      return dispatcher
          .abi()
          .call(
              RuntimeService.SET_VARIABLE,
              NAME_ADDRESS,
              GUID_ADDRESS,
              attributes,
              size,
              DATA_ADDRESS);
    }
  },
  STARTED {
    @Override
    public CallResult set(Dispatcher dispatcher, int attributes, int size) {
      PendingCall call = dispatcher.async().newPendingCall();
      dispatcher.async().setVariable(call, NAME, GUID, attributes, size, data(size));
      return end(dispatcher, call);
    }
  },
  STARTED_WORDS {
    @Override
    public CallResult set(Dispatcher dispatcher, int attributes, int size) {
      PendingCall call = dispatcher.asyncAbi().newPendingCall();
      dispatcher
          .asyncAbi()
          .call(
              call,
              RuntimeService.SET_VARIABLE,
              NAME_ADDRESS,
              GUID_ADDRESS,
              attributes,
              size,
              DATA_ADDRESS);
      return end(dispatcher, call);
    }
  },
  BYPASS {
    @Override
    public CallResult set(Dispatcher dispatcher, int attributes, int size) {
      return dispatcher.nonBlocking().setVariable(NAME, GUID, attributes, size, data(size));
    }
  },
  EMERGENCY {
    @Override
    public CallResult set(Dispatcher dispatcher, int attributes, int size) {
      Emergency emergency = dispatcher.beginEmergency(Duration.ZERO);
      if (emergency == null || emergency.firmwareWasInterrupted()) {
        throw new AssertionError("the firmware must be whole: emergency=" + emergency);
      }
      return emergency.setVariable(NAME, GUID, attributes, size, data(size));
    }
  },
  /** Needs a firmware that faults in {@link #FAULTY_ENTRY} and has a crash entry. */
  CRASH_ENTRY {
    @Override
    public CallResult set(Dispatcher dispatcher, int attributes, int size) {
      CallResult fault = dispatcher.abi().callVendor(FAULTY_ENTRY, 0, 0, 0, 0, 0, 0, 0);
      Emergency emergency = dispatcher.beginEmergency(Duration.ZERO);
      if (fault.outcome() != Outcome.FAULTED || !emergency.canCallFirmware()) {
        throw new AssertionError("the firmware must have a crash entry: fault=" + fault);
      }
      return emergency.setVariable(NAME, GUID, attributes, size, data(size));
    }
  };

  /** A vendor's entry. */
  public static final long FAULTY_ENTRY = 0xBAD;

  /** Writes the variable of the {@link GuestPage}, of a number of zeroes. */
  public abstract CallResult set(Dispatcher dispatcher, int attributes, int size);

  private static MemorySegment data(int size) {
    return size == 0 ? null : MemorySegment.ofArray(new byte[size]);
  }

  private static CallResult end(Dispatcher dispatcher, PendingCall call) {
    dispatcher.pump();
    return call.poll();
  }
}
