// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.machine;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The other end of a socket, in the place of QEMU; what it says beforehand is read later. */
final class FakePeer implements AutoCloseable {
  private final ServerSocketChannel server;
  private final PolledSocket socket;
  private final SocketChannel peer;

  FakePeer(Path path) throws IOException {
    server =
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
            .bind(UnixDomainSocketAddress.of(path));
    socket = PolledSocket.connect(path, () -> false, in(5));
    peer = server.accept();
  }

  static long in(int seconds) {
    return System.nanoTime() + seconds * 1_000_000_000L;
  }

  /** Our end. */
  PolledSocket socket() {
    return socket;
  }

  FakePeer say(String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    while (bytes.hasRemaining()) {
      peer.write(bytes);
    }
    return this;
  }

  /** The next characters, as many as expected. */
  String hear(int count) throws IOException {
    byte[] bytes = Channels.newInputStream(peer).readNBytes(count);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** Hangs up. */
  void hangUp() throws IOException {
    peer.close();
  }

  @Override
  public void close() throws IOException {
    peer.close();
    socket.close();
    server.close();
  }
}
