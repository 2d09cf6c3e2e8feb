package insight

// OnLook lets a test do something between the reading of a page and the counting.
func (s *Service) OnLook(f func()) { s.looked = f }
