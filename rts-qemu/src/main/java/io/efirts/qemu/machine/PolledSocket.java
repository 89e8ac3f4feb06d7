// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A connection to a Unix socket that is only ever polled.
 *
 * <p>A channel that blocks is closed for everybody when a thread with its interrupt flag set uses
 * it; this one works on such a thread and leaves the flag alone. Reading and writing each take the
 * channel's own lock for the length of one system call, so at most one thread may read and one
 * write if neither is to wait for the other. With direct buffers nothing is allocated unless the
 * connection is broken.
 */
final class PolledSocket implements AutoCloseable {
  private static final long PAUSE_NANOS = 20_000;

  private final SocketChannel channel;

  private PolledSocket(SocketChannel channel) {
    this.channel = channel;
  }

  /**
   * Connects, again and again until somebody listens.
   *
   * @param path the socket
   * @param ended whether nobody will ever listen
   * @param deadline latest time as of {@link System#nanoTime()}
   * @throws MachineException if nobody listens in time, or the process has ended
   */
  static PolledSocket connect(Path path, BooleanSupplier ended, long deadline) {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(path);
    while (true) {
      try {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
          channel.configureBlocking(false);
          if (channel.connect(address)) {
            return new PolledSocket(channel);
          }
        } catch (IOException e) {
          channel.close();
          if (System.nanoTime() - deadline >= 0) {
            throw new MachineException("QEMU must listen in time: socket=" + path, e);
          }
        }
        channel.close();
      } catch (IOException e) {
        throw new MachineException("Unix sockets must be usable: socket=" + path, e);
      }
      if (ended.getAsBoolean()) {
        throw new MachineException("QEMU must not end at its start: socket=" + path);
      }
      if (System.nanoTime() - deadline >= 0) {
        throw new MachineException("QEMU must accept in time: socket=" + path);
      }
      pause();
    }
  }

  /**
   * Reads what is there.
   *
   * @return number of bytes, 0 for none, -1 at the end
   */
  int read(ByteBuffer into) throws IOException {
    return channel.read(into);
  }

  /**
   * Writes what the connection takes.
   *
   * @return number of bytes
   */
  int write(ByteBuffer from) throws IOException {
    return channel.write(from);
  }

  /** Lets others run for a moment. Not for the crash path, which spins. */
  static void pause() {
    LockSupport.parkNanos(PAUSE_NANOS);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new MachineException("connection must be closable: channel=" + channel, e);
    }
  }
}
