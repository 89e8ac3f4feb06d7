// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.entry;

import io.efirts.api.CallResult;
import io.efirts.api.PendingCall;
import io.efirts.api.spec.EfiCapsuleHeader;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.RuntimeService;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.GuestPage;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/** Every way on which a capsule can be passed on, for dispatchers without threads. */
enum CapsulePath {
  TYPED {
    @Override
    CallResult update(Dispatcher dispatcher, GuestPage page, int flags) {
      return dispatcher.runtimeServices().updateCapsule(List.of(header(flags)), 0);
    }
  },
  WORDS {
    @Override
    CallResult update(Dispatcher dispatcher, GuestPage page, int flags) {
      write(page, flags);
      return dispatcher.abi().call(RuntimeService.UPDATE_CAPSULE, ARRAY, 1, 0, 0, 0);
    }
  },
  STARTED {
    @Override
    CallResult update(Dispatcher dispatcher, GuestPage page, int flags) {
      PendingCall call = dispatcher.async().newPendingCall();
      dispatcher.async().updateCapsule(call, List.of(header(flags)), 0);
      dispatcher.pump();
      return call.poll();
    }
  },
  STARTED_WORDS {
    @Override
    CallResult update(Dispatcher dispatcher, GuestPage page, int flags) {
      write(page, flags);
      PendingCall call = dispatcher.asyncAbi().newPendingCall();
      dispatcher.asyncAbi().call(call, RuntimeService.UPDATE_CAPSULE, ARRAY, 1, 0, 0, 0);
      dispatcher.pump();
      return call.poll();
    }
  };

  /** Where a guest's header array lies, and behind it the header. */
  static final long ARRAY = GuestPage.DATA_ADDRESS;

  private static final int HEADER_DISTANCE = 16;
  private static final ValueLayout.OfLong UINT64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  abstract CallResult update(Dispatcher dispatcher, GuestPage page, int flags);

  static EfiCapsuleHeader header(int flags) {
    return new EfiCapsuleHeader(new EfiGuid(3, 4), EfiCapsuleHeader.SIZE_BYTES, flags, 4096);
  }

  /** Writes an array of one header into the page. */
  static void write(GuestPage page, int flags) {
    long offset = ARRAY - GuestPage.NAME_ADDRESS;
    MemorySegment bytes = page.bytes();
    bytes.set(UINT64, offset, ARRAY + HEADER_DISTANCE);
    header(flags).write(bytes, offset + HEADER_DISTANCE);
  }
}
